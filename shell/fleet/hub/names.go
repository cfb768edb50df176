package hub

import (
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"

	"netql/shell/fleet/subject"
)

// serverNames are the names and addresses of the running hub's certificate: those given, and the machine's own.
func serverNames(given []string) ([]string, error) {
	names, err := certifiedNames(given)
	if err != nil {
		return nil, err
	}
	names = append(names, "localhost")
	if name, err := os.Hostname(); err == nil {
		names = append(names, name)
	}
	addresses, _ := net.InterfaceAddrs() // what cannot be listed can be given
	for _, address := range addresses {
		if network, ok := address.(*net.IPNet); ok {
			names = append(names, network.IP.String())
		}
	}
	return names, nil
}

// certifiedNames are the names and addresses of --name, without the brackets that an IPv6 address has in a URL.
func certifiedNames(given []string) ([]string, error) {
	var names []string
	for _, name := range given {
		ip := net.ParseIP(strings.TrimSuffix(strings.TrimPrefix(name, "["), "]"))
		if ip != nil {
			name = ip.String()
		} else if subject.CheckName(name) != nil {
			return nil, fmt.Errorf("--name %s: it is neither the name of a machine nor an address, such as "+
				"hub.example.com, 192.0.2.1 or 2001:db8::1", name)
		}
		names = append(names, name)
	}
	return names, nil
}

// splitListen takes the address and the port of --listen apart.
func splitListen(listen string) (host string, port int, err error) {
	host, text, err := net.SplitHostPort(listen)
	if err != nil {
		return "", 0, fmt.Errorf("--listen %s: an address to listen on is HOST:PORT or :PORT: %w", listen, err)
	}
	number, err := strconv.ParseUint(text, 10, 16)
	if err != nil {
		return "", 0, fmt.Errorf("--listen %s: %q is no port", listen, text)
	}
	return host, int(number), nil
}
