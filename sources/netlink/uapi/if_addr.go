package uapi

// IFA_PROTO of linux/if_addr.h is an attribute of addresses (Linux 5.18).
const IFA_PROTO = 11
