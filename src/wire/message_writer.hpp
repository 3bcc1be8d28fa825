#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include "base/bytes.hpp"
#include "querent/address.hpp"
#include "querent/message.hpp"
#include "querent/time.hpp"

// What IGMP and MLD write in the same way; for their codecs.

namespace querent::wire {

// A packet with room for the IP header and a message that grows at its end, up to `largest`
// octets of packet; who puts more asks room() first. Addresses are written in the family's size.
class MessageWriter {
 public:
  MessageWriter(Family family, std::size_t header_size, std::size_t largest)
      : family_(family), largest_(largest), message_(header_size), packet_(header_size) {}

  Family family() const { return family_; }
  std::size_t room() const { return largest_ - packet_.size(); }
  void reserve(std::size_t more);

  void put8(std::uint8_t value) { packet_.push_back(value); }
  void put16(std::uint16_t value);
  // Of an address that is not of the family, as many of its last octets as there are.
  void put_address(Address address);

  // Overwrites two octets at an offset of the message.
  void patch16(std::size_t at, std::uint16_t value) { store16(packet_, message_ + at, value); }

  // Valid until more is put.
  ByteView message() const { return ByteView(packet_).subspan(message_); }
  // The packet, its header still zero.
  Bytes take() && { return std::move(packet_); }

 private:
  Family family_;
  std::size_t largest_;
  std::size_t message_;  // where it begins
  Bytes packet_;
};

// What all messages begin with; the checksum is zero.
void put_start(MessageWriter& out, std::uint8_t type, std::uint8_t code);

// What a v3 query has behind its group, with as many of the sources as there is room for.
void put_query_tail(MessageWriter& out, const Query& query);

// A v3 report of this type, with as many of the records as there is room for.
void put_report_v3(MessageWriter& out, std::uint8_t type, const Report& report);

// The group that an older version's report is about: the first record's, or none.
Address group_of(const Report& report, Family family);

// How often `unit` fits into `time`: rounded down, but never to 0 what is more than that. 0 of a
// negative time.
std::uint64_t response_units(Duration time, Duration unit);

}  // namespace querent::wire
