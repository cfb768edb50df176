package uapi

// linux/mroute.h: IPMRA_TABLE_* of a multicast routing table, IPMRA_VIF of the list of its virtual interfaces,
// IPMRA_VIFA_* of one of them.
const (
	IPMRA_TABLE_ID                  = 1
	IPMRA_TABLE_CACHE_RES_QUEUE_LEN = 2
	IPMRA_TABLE_MROUTE_REG_VIF_NUM  = 3
	IPMRA_TABLE_MROUTE_DO_ASSERT    = 4
	IPMRA_TABLE_MROUTE_DO_PIM       = 5
	IPMRA_TABLE_VIFS                = 6

	IPMRA_VIF = 1

	IPMRA_VIFA_IFINDEX     = 1
	IPMRA_VIFA_VIF_ID      = 2
	IPMRA_VIFA_FLAGS       = 3
	IPMRA_VIFA_BYTES_IN    = 4
	IPMRA_VIFA_BYTES_OUT   = 5
	IPMRA_VIFA_PACKETS_IN  = 6
	IPMRA_VIFA_PACKETS_OUT = 7
	IPMRA_VIFA_LOCAL_ADDR  = 8
	IPMRA_VIFA_REMOTE_ADDR = 9
)
