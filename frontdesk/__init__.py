"""The front desk of a salon, spa or clinic."""

__version__ = "0.4.0"
