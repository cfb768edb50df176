package frame

import "netql/query/schema"

// kindTags are the tags that values of each kind may have besides tagNull, as bits. What merges answers relies on the
// types of values.
var kindTags = [...]uint32{
	schema.Any:      1<<(tagSeries+1) - 1,
	schema.Bool:     1<<tagFalse | 1<<tagTrue,
	schema.Int:      1 << tagInt,
	schema.Float:    1 << tagFloat,
	schema.Port:     1 << tagInt,
	schema.Text:     1 << tagText,
	schema.Enum:     1 << tagText,
	schema.Flags:    1 << tagFlags,
	schema.Address:  1<<tagNoAddr | 1<<tagAddr4 | 1<<tagAddr16 | 1<<tagAddrZone,
	schema.Prefix:   1 << tagPrefix,
	schema.Endpoint: 1 << tagEndpoint,
	schema.MAC:      1 << tagMAC,
	schema.Duration: 1 << tagDuration,
	schema.Time:     1<<tagUTC | 1<<tagLocal,
	schema.List:     1 << tagList,
	schema.Object:   1 << tagRecord,
	schema.Series:   1 << tagSeries,
}

// of reads a value of a type.
func (d *decoder) of(t *schema.Type) schema.Scalar {
	if !d.comes(t.Kind) {
		d.fail("a value that is no %v", t.Kind)
		return schema.Scalar{}
	}
	value := d.scalar()
	if (t.Kind == schema.List || t.Kind == schema.Object) && d.err == nil && !conforms(value.Any(), t) {
		d.fail("a value that is no %v", t)
	}
	return value
}

// comes says whether the tag that comes next is one of the kind, or of NULL.
func (d *decoder) comes(kind schema.Kind) bool {
	if d.rest == "" {
		return true // which is told by who reads on
	}
	tag := d.rest[0]
	if tag >= smallInt {
		tag = tagInt
	}
	return tag == tagNull || tag <= tagSeries && kindTags[kind]&(1<<tag) != 0
}

// conforms says whether the parts of a list or a record are of their types.
func conforms(v any, t *schema.Type) bool {
	switch v := v.(type) {
	case nil:
		return true
	case []any:
		for _, part := range v {
			if t.Elem != nil && !conforms(part, t.Elem) {
				return false
			}
		}
		return t.Kind == schema.List || t.Kind == schema.Any
	case schema.Record:
		for i, field := range v.Fields {
			for _, known := range t.Fields {
				if known.Name == field.Name { // which is what a query over the column relies on
					field = known
				}
			}
			if !conforms(v.Values[i], &field.Type) {
				return false
			}
		}
		return t.Kind == schema.Object || t.Kind == schema.Any
	}
	return kindTags[t.Kind]&(1<<tagOf(v)) != 0
}

// tagOf is the tag of a value without parts that are values.
func tagOf(v any) byte {
	var e encoder
	if e.value(v, 0) != nil {
		return tagNull
	}
	if e.b[0] >= smallInt {
		return tagInt
	}
	return e.b[0]
}
