//go:build race

package lab

// RaceDetector says that the tests run under the race detector, which takes several times the memory and the time.
const RaceDetector = true
