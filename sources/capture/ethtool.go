package capture

import (
	"context"
	"sync"

	"netql/sources/ethtool"
)

// deviceFacts are the answers of the driver of one interface; nil for what was not asked.
type deviceFacts struct {
	driver     *driver
	statistics *statistics
}

type driver struct {
	ethtool.Driver
	failure *failure
}

type statistics struct {
	list    []ethtool.Statistic
	failure *failure
}

// devices replays the answers of drivers, by the name of the interface.
type devices map[string]*deviceFacts

// Driver implements ethtool.Device.
func (d devices) Driver(_ context.Context, name string) (ethtool.Driver, error) {
	if f := d[name]; f != nil && f.driver != nil {
		return f.driver.Driver, f.driver.failure.err()
	}
	return ethtool.Driver{}, notRecorded("what the driver of %s says of itself", name)
}

// Statistics implements ethtool.Device.
func (d devices) Statistics(_ context.Context, name string) ([]ethtool.Statistic, error) {
	if f := d[name]; f != nil && f.statistics != nil {
		return f.statistics.list, f.statistics.failure.err()
	}
	return nil, notRecorded("the statistics of the driver of %s", name)
}

// recordingDevices passes questions on to drivers and keeps the answers. It asks nothing twice.
type recordingDevices struct {
	stack ethtool.Device
	lock  sync.Mutex
	known devices
}

// factsOf gives the facts about an interface. The lock must be held.
func (r *recordingDevices) factsOf(name string) *deviceFacts {
	f := r.known[name]
	if f == nil {
		f = &deviceFacts{}
		r.known[name] = f
	}
	return f
}

func (r *recordingDevices) Driver(ctx context.Context, name string) (ethtool.Driver, error) {
	r.lock.Lock()
	defer r.lock.Unlock()
	if f := r.factsOf(name); f.driver == nil {
		said, err := r.stack.Driver(ctx, name)
		if ctx.Err() != nil {
			return said, err
		}
		f.driver = &driver{said, failureOf(err)}
	}
	return r.known.Driver(ctx, name)
}

func (r *recordingDevices) Statistics(ctx context.Context, name string) ([]ethtool.Statistic, error) {
	r.lock.Lock()
	defer r.lock.Unlock()
	if f := r.factsOf(name); f.statistics == nil {
		list, err := r.stack.Statistics(ctx, name)
		if ctx.Err() != nil {
			return list, err
		}
		f.statistics = &statistics{list, failureOf(err)}
	}
	return r.known.Statistics(ctx, name)
}

// append writes the facts about an interface.
func (f *deviceFacts) append(b []byte, name string) []byte {
	b = appendBool(appendBytes(b, name), f.driver != nil)
	if f.driver != nil {
		b = appendFailure(b, f.driver.failure)
		for _, text := range f.driver.texts() {
			b = appendBytes(b, *text)
		}
	}
	if b = appendBool(b, f.statistics != nil); f.statistics != nil {
		b = appendUint(appendFailure(b, f.statistics.failure), len(f.statistics.list))
		for _, s := range f.statistics.list {
			b = appendUint(appendBytes(b, s.Name), s.Value)
		}
	}
	return b
}

// texts are the parts of ethtool.Driver, in the order of the file format.
func (d *driver) texts() []*string { return []*string{&d.Name, &d.Version, &d.Firmware, &d.BusInfo} }

// device reads the facts about one interface.
func (d *decoder) device(all devices) {
	name, f := d.string(), &deviceFacts{}
	if d.bool() {
		f.driver = &driver{failure: d.failure()}
		for _, text := range f.driver.texts() {
			*text = d.string()
		}
	}
	if d.bool() {
		f.statistics = &statistics{failure: d.failure()}
		n := d.uint()
		f.statistics.list = make([]ethtool.Statistic, 0, d.capacityFor(n, memoryStatistic, 2))
		for ; n > 0 && d.reserve(memoryStatistic); n-- {
			f.statistics.list = append(f.statistics.list, ethtool.Statistic{Name: d.string(), Value: d.uint()})
		}
	}
	if d.err == nil {
		all[name] = f
	}
}
