"""What frontdesk costs, as ratios against a baseline measured in the same run. Printed, never asserted."""
