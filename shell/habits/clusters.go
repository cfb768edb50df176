package habits

// clusters are commands of kubectl and docker.
var clusters = []habit{
	{typed: "get all", line: "tables"},
	{typed: "get|list TABLE", line: "TABLE"},
	{typed: "get|list TABLE -w|--watch", line: "TABLE | watch"},
	{typed: "get|list TABLE -o|--output wide", line: "TABLE | select *"},
	{typed: "get|list TABLE -o|--output WORD", says: "format WORD is for all answers from now on; then: TABLE"},
	{typed: "get|list TABLE -A|--all-namespaces", line: "TABLE"},
	{typed: "get|list TABLE REST", line: "TABLE REST"},
	{typed: "get|list", line: "tables"},
	{typed: "describe|explain TABLE ...", line: "schema TABLE"},
	{typed: "api-resources|resources ...", line: "tables"},
	{typed: "kubectl|oc get|describe|logs pods|po|pod ...", line: "sockets container != nil | count by container"},
	{typed: "kubectl|oc get|describe TABLE ...", line: "TABLE"},
	{typed: "get pods|po|pod|containers ...", line: "sockets container != nil | count by container"},
	{typed: "docker|podman|crictl ps ...", line: "sockets container != nil | count by container, process"},
	{typed: "docker|podman network ls", line: "namespaces"},
	{typed: "logs ...", line: "sockets | follow"},
	{typed: "config get-contexts", line: "namespaces"},
}
