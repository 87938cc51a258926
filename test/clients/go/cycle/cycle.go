// Package cycle is what the programs have in common: they say which step they are at, and wait without a limit, since who
// starts them has one.
package cycle

import (
	"fmt"
	"log"
	"time"
)

// Step says on standard output which step of a full cycle is next, so that the reader knows how far the program came.
func Step(name string) { fmt.Println(name) }

// Must ends the program where a call failed.
func Must[T any](value T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return value
}

// Check ends the program where a condition does not hold.
func Check(holds bool, what any) {
	if !holds {
		log.Fatalf("unexpected: %v", what)
	}
}

// WaitUntil asks until something is done.
func WaitUntil(done func() bool) {
	for !done() {
		time.Sleep(200 * time.Millisecond)
	}
}
