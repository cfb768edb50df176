package uapi

// linux/neighbour.h: attributes of neighbours.
const (
	NDA_PROTOCOL      = 12
	NDA_NH_ID         = 13
	NDA_FDB_EXT_ATTRS = 14
	NDA_FLAGS_EXT     = 15
)
