package uapi

// NHA_FDB of linux/nexthop.h is an attribute of nexthop objects (Linux 5.8).
const NHA_FDB = 11
