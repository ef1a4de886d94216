"""What happened and whether it can be true: history, notices, the doctor and the promises it examines."""
