"""rangemap beside its peers: how fast, and how right, in one run (`make bench`)."""
