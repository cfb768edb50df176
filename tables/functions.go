package tables

import (
	"context"
	"net"
	"net/netip"
	"strconv"
	"strings"

	"netql/query"
	"netql/query/expression"
	"netql/query/schema"
	"netql/sources/procfs"
	"netql/sources/vfs"
)

// services are the names of ports in /etc/services.
type services struct {
	numbers map[string]int        // ports by name or alias, in lower case
	names   map[serviceKey]string // the first name of each port
}

type serviceKey struct {
	port     int
	protocol string // "tcp", "udp"; "" for any
}

// readServices reads /etc/services. Where it cannot be read, ports have no names.
func readServices(files vfs.Files) services {
	s := services{map[string]int{}, map[serviceKey]string{}}
	all, err := procfs.ReadServices(files)
	if err != nil {
		return s
	}
	for _, service := range all {
		number := int(service.Port)
		for _, key := range []serviceKey{{number, service.Protocol}, {number, ""}} {
			if _, known := s.names[key]; !known {
				s.names[key] = service.Name
			}
		}
		for _, name := range append([]string{service.Name}, service.Aliases...) {
			if _, known := s.numbers[strings.ToLower(name)]; !known {
				s.numbers[strings.ToLower(name)] = number
			}
		}
	}
	return s
}

func (s services) port(name string) (int, bool) {
	number, ok := s.numbers[strings.ToLower(name)]
	return number, ok
}

// portsOf is the protocol whose services are those of a protocol.
func portsOf(protocol string) string {
	switch protocol {
	case "mptcp":
		return "tcp"
	case "udplite":
		return "udp"
	}
	return protocol
}

// name is the name of a port's service; protocol "" stands for any.
func (s services) name(port int, protocol string) (string, bool) {
	name, ok := s.names[serviceKey{port, portsOf(protocol)}]
	return name, ok
}

// serviceNames are the names of ports on the system that the query asks.
func (q *QueryState) serviceNames() services {
	return q.services.get(func() services { return readServices(q.system.Files) })
}

// Port is the port of a service in /etc/services, by a name in any case.
func (q *QueryState) Port(service string) (int, bool) { return q.serviceNames().port(service) }

// functions are the functions of queries that need something beside their arguments: DNS, or files of /etc.
func functions() []query.Function {
	text := schema.Of(schema.Text)
	portParam := expression.Param{Name: "port", Kinds: []schema.Kind{schema.Port, schema.Int}}
	addressParam := expression.Param{Name: "address", Kinds: []schema.Kind{schema.Address}}
	protocolParam := expression.Param{Name: "proto", Kinds: []schema.Kind{schema.Text, schema.Enum}, Optional: true}
	return []query.Function{{
		Function: expression.Function{
			Name: "host", Doc: "The name of an address by reverse DNS, or the address where there is none.",
			Params: []expression.Param{addressParam}, Result: text, Costly: true,
		},
		Call: hostOf, Prefetch: beginHost,
	}, {
		Function: expression.Function{
			Name: "service", Doc: "The name of a port in /etc/services, or its number where it has none; a raw " +
				"socket's is that of a protocol, in /etc/protocols.",
			Params: []expression.Param{portParam, protocolParam}, Result: text,
		},
		Call: serviceOf,
	}, {
		Function: expression.Function{
			Name: "endpoint", Doc: "host(address):service(port).",
			Params: []expression.Param{addressParam, portParam, protocolParam}, Result: text, Costly: true,
		},
		Call: endpointOf, Prefetch: beginHost,
	}}
}

func hostOf(ctx context.Context, state query.State, args []any) (any, error) {
	return ofQuery(state).hostNames().name(ctx, args[0].(netip.Addr)), nil
}

func beginHost(state query.State, args []any) { ofQuery(state).hostNames().begin(args[0].(netip.Addr)) }

func serviceOf(_ context.Context, state query.State, args []any) (any, error) {
	return ofQuery(state).serviceName(args[0].(int), protocolArgument(args, 1)), nil
}

func endpointOf(ctx context.Context, state query.State, args []any) (any, error) {
	q := ofQuery(state)
	host := q.hostNames().name(ctx, args[0].(netip.Addr))
	return net.JoinHostPort(host, q.serviceName(args[1].(int), protocolArgument(args, 2))), nil
}

// protocolArgument is the optional argument i in lower case; "" where it is left out.
func protocolArgument(args []any, i int) string {
	if i < len(args) {
		return strings.ToLower(args[i].(string))
	}
	return ""
}

// serviceName is the name of a port's service, or the port itself where it has none. The local port of a raw socket is
// the number of its protocol, whose name is in /etc/protocols.
func (q *QueryState) serviceName(port int, protocol string) string {
	name, ok := "", false
	if protocol == "raw" {
		name, ok = q.protocolNames().numbers[port]
	} else {
		name, ok = q.serviceNames().name(port, protocol)
	}
	if ok {
		return name
	}
	return strconv.Itoa(port)
}
