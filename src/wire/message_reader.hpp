#pragma once

#include <cstddef>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "querent/address.hpp"
#include "querent/message.hpp"
#include "wire/drop_reason.hpp"

// What IGMP and MLD read in the same way; for their codecs.

namespace querent::wire {

// An address of the family, which the caller knows to be there.
Address address_at(ByteView bytes, std::size_t at, Family family);

// Whether it is a group of the family. A group of IPv4 that is written as an IPv6 address
// (::ffff:224.0.0.1) is none of IPv6.
bool is_group(Address address, Family family);

// What a report of an older version means: one IS_EX record without sources.
Report older_report(Version version, Address group);

// The query with what a v3 query says behind its group: `tail` is all of the message from there,
// of 4 octets and more.
Result<Message, DropReason> with_tail(Query query, ByteView tail, Family family);

// A v3 report, which has 8 octets and more.
Result<Message, DropReason> read_report_v3(ByteView message, Family family);

}  // namespace querent::wire
