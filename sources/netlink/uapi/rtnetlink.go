package uapi

// linux/rtnetlink.h: the families of multicast routing, an attribute of routes (Linux 5.3), a bit of IFLA_EXT_MASK.
const (
	RTNL_FAMILY_IPMR  = 128
	RTNL_FAMILY_IP6MR = 129

	RTA_NH_ID = 30

	RTEXT_FILTER_SKIP_STATS = 8
)
