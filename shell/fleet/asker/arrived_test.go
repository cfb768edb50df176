package asker

import (
	"testing"
	"time"

	"github.com/nats-io/nats.go"
)

// TestArrivedInOrder: what hosts sent before the server's answer has arrived when it was taken, and not before that.
func TestArrivedInOrder(t *testing.T) {
	begun := time.Now()
	asked := begun.Add(time.Second)
	x := &exchange{transport: &transport{}, asksServer: true}
	x.heardLast.now()
	x.arrived.Store(&begun)
	for _, step := range []struct {
		event event
		want  time.Time
		asks  bool
	}{
		{event{message: &nats.Msg{}}, begun, true},
		{event{arrival: &arrival{asked, 3}}, begun, true},
		{event{message: &nats.Msg{}}, begun, true},
		{event{message: &nats.Msg{}}, asked, false},
		{event{arrival: &arrival{}}, asked, false}, // no answer
	} {
		x.on(step.event)
		x.noteArrival()
		if got := x.Arrived(); !got.Equal(step.want) || x.asksServer != step.asks {
			t.Errorf("%+v: %v after it began, asks %t", step.event, got.Sub(begun), x.asksServer)
		}
	}
}
