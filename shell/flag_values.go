package shell

import (
	"strconv"
	"time"
)

func setWidth(o *options, value string) error {
	n, err := strconv.Atoi(value)
	if err != nil || n < 0 {
		return usagef("--width cannot be %q", value).withHint("it is a number of columns, or 0 for no limit")
	}
	o.width = n
	return nil
}

func setVia(o *options, value string) error {
	if _, closed := splitQuoted(value); !closed {
		return usagef("a quote in --via is not closed: %s", value)
	}
	o.via = value
	return nil
}

func setAbreast(o *options, value string) error {
	n, err := strconv.Atoi(value)
	if err != nil || n < 1 || n > maxAbreast {
		return usagef("--abreast cannot be %q", value).withHint("it is a number of hosts, from 1 to %d", maxAbreast)
	}
	o.abreast = n
	return nil
}

func setHostTimeout(o *options, value string) error {
	d, err := time.ParseDuration(value)
	if err != nil || d <= 0 {
		return usagef("--host-timeout cannot be %q", value).withHint("it is a duration, such as 10s or 1m")
	}
	if d < leastHostTimeout {
		return usagef("--host-timeout cannot be %q", value).
			withHint("it is %v at least: a host that works says so each second", leastHostTimeout)
	}
	o.hostTimeout = d
	return nil
}

func setTimeout(o *options, value string) error {
	d, err := time.ParseDuration(value)
	if err != nil || d <= 0 {
		return usagef("--timeout cannot be %q", value).withHint("it is a duration, such as 500ms, 10s or 2m")
	}
	o.timeout = d
	return nil
}
