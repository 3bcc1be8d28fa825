#include "malformed.hpp"

#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "vectors.hpp"
#include "wire/codec.hpp"
#include "wire/frame.hpp"
#include "wire/mld.hpp"

// How octets can be wrong, and that each wrong has its own name.

namespace querent::wire {
namespace {

// The reason, or nothing when the octets were accepted.
std::optional<DropReason> reason_of(const Result<Packet, DropReason>& packet) {
  if (packet) return std::nullopt;
  return packet.error();
}
std::optional<DropReason> decoded(Family family, ByteView packet) {
  return reason_of(decode(family, packet));
}

std::string said(std::optional<DropReason> reason) {
  return std::string(reason ? name(*reason) : "accepted");
}

// A frame read and, if it could be, what it carries.
std::optional<DropReason> received(LinkType type, ByteView octets) {
  const auto frame = read_frame(type, octets);
  if (!frame) return frame.error();
  return reason_of(decode(frame->family, frame->payload));
}

std::vector<test::Malformed> all_malformed() {
  auto all = test::malformed_igmp();
  for (auto& one : test::malformed_mld())
    all.push_back(std::move(one));
  return all;
}

// A codec, and what is needed to spoil its packets.
struct Kind {
  Family family;
  const std::vector<test::Vector>& vectors;
  Bytes (*sealed)(Bytes packet);
  std::size_t (*message_at)(ByteView packet);
  void (*set_size)(Bytes& packet);  // writes the length field
};

std::vector<Kind> kinds() {
  return {
      {Family::kIPv4, test::vectors(), test::sealed,
       [](ByteView packet) { return std::size_t{4} * (packet[0] & 0xFU); },
       [](Bytes& packet) { store16(packet, 2, static_cast<std::uint16_t>(packet.size())); }},
      {Family::kIPv6, test::mld_vectors(), test::sealed_mld, test::mld_message_at,
       [](Bytes& packet) { store16(packet, 4, static_cast<std::uint16_t>(packet.size() - 40)); }},
  };
}

TEST(Malformed, EachWrongIsCalledByItsName) {
  for (const auto& one : all_malformed()) {
    const auto reason = received(one.type, one.octets);
    EXPECT_EQ(reason, one.reason) << one.what << ": " << said(reason);
  }
}

TEST(Malformed, EveryReasonIsGiven) {
  std::set<DropReason> given;
  for (const auto& one : all_malformed())
    given.insert(one.reason);
  for (const DropReason reason : kDropReasons) {
    EXPECT_TRUE(given.contains(reason)) << name(reason);
  }
}

TEST(Malformed, NamesAreDistinctLabels) {
  std::set<std::string_view> names;
  for (const DropReason reason : kDropReasons) {
    EXPECT_TRUE(names.insert(name(reason)).second) << name(reason);
    EXPECT_NE(name(reason), "unknown") << static_cast<int>(reason);
    EXPECT_EQ(name(reason).find_first_not_of("abcdefghijklmnopqrstuvwxyz_"), std::string::npos);
  }
}

TEST(Malformed, TheListIsCompleteAndIndexedByTheReasonsNumber) {
  for (std::size_t i = 0; i < kDropReasons.size(); ++i) {
    EXPECT_EQ(static_cast<std::size_t>(kDropReasons[i]), i);
  }
  EXPECT_EQ(name(static_cast<DropReason>(kDropReasonCount)), "unknown");
}

// A packet that ends early anywhere, as a capture with a short snapshot length holds it, is
// truncated. Nothing of it is believed.
TEST(Malformed, EveryTruncationOfEveryKind) {
  for (const Kind& kind : kinds()) {
    for (const auto& vector : kind.vectors) {
      for (std::size_t size = 0; size < vector.packet.size(); ++size) {
        const auto reason = decoded(kind.family, ByteView(vector.packet).first(size));
        EXPECT_EQ(reason, DropReason::kIpTruncated)
            << vector.name << " cut to " << size << ": " << said(reason);
      }
    }
  }
}

// What a message cut to so many octets is when the header and both checksums were made for the cut
// message, that is, when the sender meant it. Nothing: a message, by the rules of RFC 9776 7.1 and
// 9777 8.1.
std::optional<DropReason> meant(const Packet& packet, Family family, std::size_t size) {
  const std::size_t old_size = family == Family::kIPv4 ? 8 : 24;
  const auto* report = std::get_if<Report>(&packet.message);
  const bool v3_report = report != nullptr && report->version == Version::k3;
  if (size < (v3_report ? 8 : old_size)) return DropReason::kMessageTooShort;
  if (v3_report) return DropReason::kReportRecord;
  if (size == old_size) return std::nullopt;  // the beginning of a v3 query is a v2 query
  return size < old_size + 4 ? DropReason::kQueryLength : DropReason::kQuerySources;
}

TEST(Malformed, EveryTruncationThatWasMeant) {
  for (const Kind& kind : kinds()) {
    for (const auto& vector : kind.vectors) {
      const std::size_t header = kind.message_at(vector.packet);
      for (std::size_t size = 0; size < vector.packet.size() - header; ++size) {
        Bytes cut = vector.packet;
        cut.resize(header + size);
        kind.set_size(cut);
        // A payload of nothing: no header between, no message.
        const bool nothing = kind.family == Family::kIPv6 && cut.size() == 40;
        const auto expected =
            nothing ? DropReason::kIpTotalLength : meant(vector.value, kind.family, size);
        const auto reason = decoded(kind.family, kind.sealed(cut));
        EXPECT_EQ(reason, expected) << vector.name << " of " << size << ": " << said(reason);
      }
    }
  }
}

void flip(Bytes& octets, std::size_t bit) {
  octets[bit / 8] = static_cast<std::uint8_t>(octets[bit / 8] ^ (1U << (bit % 8)));
}

// Every octet of these packets is in the sum of the IP header or of the message, so to accept a
// packet with any one bit wrong is to accept it wrongly.
TEST(Malformed, EverySingleBitOfIgmp) {
  for (const auto& vector : test::vectors()) {
    for (std::size_t bit = 0; bit < vector.packet.size() * 8; ++bit) {
      Bytes flipped = vector.packet;
      flip(flipped, bit);
      EXPECT_TRUE(decoded(Family::kIPv4, flipped))
          << vector.name << ", bit " << bit << " was accepted";
    }
  }
}

// No sum is over an IPv6 header but for its addresses: what is accepted nevertheless says the
// same, and that it may be believed only where hop limit and Router Alert are still right.
TEST(Malformed, EverySingleBitOfMld) {
  for (const auto& vector : test::mld_vectors()) {
    for (std::size_t bit = 0; bit < vector.packet.size() * 8; ++bit) {
      Bytes flipped = vector.packet;
      flip(flipped, bit);
      const std::size_t at = bit / 8;
      auto packet = decode_mld(flipped);
      const bool summed =
          (at >= 8 && at < 40) || at >= test::mld_message_at(vector.packet) || at == 4 || at == 5;
      EXPECT_FALSE(packet && summed) << vector.name << ", bit " << bit << " was accepted";
      if (!packet) continue;
      EXPECT_TRUE(at == 7 || packet->hop_limit == vector.value.hop_limit) << vector.name;
      EXPECT_TRUE(at >= 40 || packet->router_alert == vector.value.router_alert) << vector.name;
      packet->hop_limit = vector.value.hop_limit;
      packet->router_alert = vector.value.router_alert;
      EXPECT_EQ(packet, vector.value) << vector.name << ", bit " << bit;
    }
  }
}

// With the sums made right again, a flipped bit changes what is said, or makes it malformed, or
// is in a field that says nothing. Whatever is accepted can be sent and read again.
TEST(Malformed, EverySingleBitThatWasMeant) {
  for (const Kind& kind : kinds()) {
    for (const auto& vector : kind.vectors) {
      for (std::size_t bit = 0; bit < vector.packet.size() * 8; ++bit) {
        Bytes flipped = vector.packet;
        flip(flipped, bit);
        auto packet = decode(kind.family, kind.sealed(flipped));
        if (!packet) continue;
        if (auto* report = std::get_if<Report>(&packet->message)) report->skipped_records = 0;
        EXPECT_EQ(decode(kind.family, encode(*packet)), *packet) << vector.name << ", bit " << bit;
      }
    }
  }
}

// What any octet says that names a header, or an option.

TEST(Malformed, NothingIsReadBehindAnyOtherNextHeader) {
  const std::set<unsigned> extensions{0, 43, 50, 51, 60, 135, 139, 140, 253, 254};
  for (unsigned next = 0; next < 256; ++next) {
    const auto expected = next == 44                  ? DropReason::kIpFragment
                          : extensions.contains(next) ? DropReason::kIpExtension
                                                      : DropReason::kIpProtocol;
    Bytes direct = test::vector("report_v1_bare", test::mld_vectors()).packet;
    direct[6] = static_cast<std::uint8_t>(next);
    Bytes behind = test::vector("report_v1", test::mld_vectors()).packet;
    behind[40] = static_cast<std::uint8_t>(next);
    if (next == 58) {
      EXPECT_TRUE(decode_mld(direct));
      EXPECT_TRUE(decode_mld(behind));
      continue;
    }
    EXPECT_EQ(decoded(Family::kIPv6, behind), expected) << next;
    if (next != 0) {
      EXPECT_EQ(decoded(Family::kIPv6, direct), expected) << next;
    }
  }
}

TEST(Malformed, AnUnknownOptionsUpperBitsSayWhetherItMayBeSkipped) {
  for (unsigned type = 2; type < 256; ++type) {
    Bytes packet = test::vector("report_v1", test::mld_vectors()).packet;
    packet[42] = static_cast<std::uint8_t>(type);
    const auto read = decode_mld(packet);
    if (type < 0x40) {
      ASSERT_TRUE(read) << type << ": " << name(read.error());
      EXPECT_EQ(read->router_alert, type == 5) << type;
    } else {
      EXPECT_EQ(reason_of(read), DropReason::kIpOptionUnknown) << type;
    }
  }
}

}  // namespace
}  // namespace querent::wire
