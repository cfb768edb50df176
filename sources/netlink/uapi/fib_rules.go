package uapi

// linux/fib_rules.h: attributes of rules (Linux 6.12, 6.14).
const (
	FRA_DSCP           = 25
	FRA_FLOWLABEL      = 26
	FRA_FLOWLABEL_MASK = 27
)
