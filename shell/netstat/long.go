package netstat

// longFlags are net-tools' long flags, by what they are in letters. Long flags are netql's own here, so these are only told.
var longFlags = map[string]string{
	"all": "-a", "continuous": "-c", "extend": "-e", "groups": "-g", "inet": "-4", "inet6": "-6", "interfaces": "-i", "ip": "-4", "listening": "-l",
	"numeric": "-n", "numeric-hosts": "-n", "numeric-ports": "-n", "numeric-users": "-n", "program": "-p", "programs": "-p", "protocol": "-A", "raw": "-w",
	"route": "-r", "sctp": "-S", "statistics": "-s", "tcp": "-t", "timers": "-o", "udp": "-u", "udplite": "-U", "unix": "-x", "verbose": "-v", "wide": "-W",
}

// Letter is the flag that a long one of net-tools is, or "".
func Letter(long string) string { return longFlags[long] }
