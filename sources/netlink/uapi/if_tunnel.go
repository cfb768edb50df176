package uapi

// linux/if_tunnel.h: attributes in IFLA_INFO_DATA of tunnels.
const (
	IFLA_GRE_LINK   = 1
	IFLA_GRE_IFLAGS = 2
	IFLA_GRE_OFLAGS = 3
	IFLA_GRE_LOCAL  = 6
	IFLA_GRE_REMOTE = 7

	IFLA_IPTUN_LINK   = 1
	IFLA_IPTUN_LOCAL  = 2
	IFLA_IPTUN_REMOTE = 3

	IFLA_VTI_LINK   = 1
	IFLA_VTI_LOCAL  = 4
	IFLA_VTI_REMOTE = 5
)
