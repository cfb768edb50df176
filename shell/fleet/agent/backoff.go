package agent

import (
	"math/rand/v2"
	"time"
)

// Delays between attempts to connect.
const (
	firstDelay   = 250 * time.Millisecond
	longestDelay = 30 * time.Second
)

// delay is how long to wait after so many attempts: twice as long each time, less up to a half by chance, so that a
// thousand agents do not come back at the same moment.
func delay(attempts int) time.Duration {
	full := longestDelay
	if attempts < 8 { // firstDelay<<7 is above longestDelay
		full = min(firstDelay<<max(attempts, 0), longestDelay)
	}
	return full/2 + rand.N(full/2+1)
}
