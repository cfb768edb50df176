package main

import (
	"fmt"
	"io"
	"os"
	"os/exec"
)

// workers are the processes that hold the sockets. They end with stop, or when this process is gone.
type workers []*exec.Cmd

// startWorkers starts the processes and waits until all have their sockets. Those it returns, also beside an error,
// are to be stopped.
func startWorkers(c config) (started workers, err error) {
	exe, err := os.Executable()
	if err != nil {
		return nil, err
	}
	var outputs []io.Reader
	for i := range c.processes {
		cmd := exec.Command(exe, fmt.Sprintf("-n=%d", c.sockets), fmt.Sprintf("-procs=%d", c.processes),
			fmt.Sprintf("-worker=%d", i))
		cmd.Stderr = os.Stderr
		output, err := startPiped(cmd)
		if err != nil {
			return started, err
		}
		started, outputs = append(started, cmd), append(outputs, output)
	}
	for i, output := range outputs {
		if _, err := io.ReadFull(output, make([]byte, 1)); err != nil {
			return started, fmt.Errorf("worker %d failed: %w", i, err)
		}
	}
	return started, nil
}

// startPiped starts a command whose input ends when this process does, and returns its output.
func startPiped(cmd *exec.Cmd) (io.Reader, error) {
	if _, err := cmd.StdinPipe(); err != nil {
		return nil, err
	}
	output, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	return output, cmd.Start()
}

// stop kills all and then waits for all: the kernel closes their sockets side by side.
func (w workers) stop() {
	for _, cmd := range w {
		cmd.Process.Kill()
	}
	for _, cmd := range w {
		cmd.Wait() // its error is that it was killed
	}
}
