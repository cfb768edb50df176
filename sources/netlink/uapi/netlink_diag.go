package uapi

// linux/netlink_diag.h: attributes of answers, and the number that asks for all protocols.
const (
	NETLINK_DIAG_MEMINFO = 0
	NETLINK_DIAG_GROUPS  = 1
	NETLINK_DIAG_RX_RING = 2
	NETLINK_DIAG_TX_RING = 3
	NETLINK_DIAG_FLAGS   = 4

	NDIAG_PROTO_ALL = 255
)
