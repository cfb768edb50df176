package netstat

// longFlags are the short flags that stand for net-tools' long ones, by name. netql does not take the long ones,
// because long flags are its own; errors name the short one.
var longFlags = map[string]string{
	"all": "-a", "continuous": "-c", "extend": "-e", "groups": "-g", "inet": "-4", "inet6": "-6", "interfaces": "-i",
	"ip": "-4", "listening": "-l", "numeric": "-n", "numeric-hosts": "-n", "numeric-ports": "-n",
	"numeric-users": "-n", "program": "-p", "programs": "-p", "protocol": "-A", "raw": "-w", "route": "-r",
	"sctp": "-S", "statistics": "-s", "tcp": "-t", "timers": "-o", "udp": "-u", "udplite": "-U", "unix": "-x",
	"verbose": "-v", "wide": "-W",
}

// Letter is the short flag that stands for a long one of net-tools; "" for another word.
func Letter(long string) string { return longFlags[long] }
