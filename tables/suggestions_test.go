package tables_test

import (
	"errors"
	"strings"
	"testing"

	"netql/query"
	"netql/query/syntax"
	"netql/sources"
	"netql/tables"
)

// TestSuggestions: a name that people try for a column gets the column that they mean, not the one that is spelt most
// like it.
func TestSuggestions(t *testing.T) {
	for name, want := range map[string]string{
		"retrans_total": "total_retrans", "retransmissions": "total_retrans", "Retransmit": "total_retrans",
		"loss_rate": "loss", "accept_full": "overflow", "queue_recv": "recv_queue", "rport_": "rport",
	} {
		_, err := query.Compile("sockets "+name+" > 0", tables.Catalog(), tables.Ask(sources.Live()))
		wrong, ok := errors.AsType[*syntax.Error](err)
		if !ok || !strings.Contains(wrong.Hint, `"`+want+`"`) {
			t.Errorf("%s: %v, want a hint at %s", name, err, want)
		}
	}
}
