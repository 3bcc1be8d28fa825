// The checkers of how queriers spell what they say.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <utility>

#include "base/bytes.hpp"
#include "sim/checkers.hpp"
#include "sim/dialect.hpp"
#include "sim/trace.hpp"

namespace querent::sim {

using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

// What the octets of a query say about time, read without the codec. Of a v3 query or an MLDv2 one
// also how often its sender asks.
struct Times {
  Duration unit{0};           // that max_response counts
  Duration most_response{0};  // that the field can hold
  Duration max_response{0};
  Duration query_interval{0};
};

// RFC 9776 4.1.1, RFC 9777 5.1.3: a code with the top bit set is 1.mant * 2^(exp + bits - 1).
double number_of(std::uint32_t code, int bits) {
  const std::uint32_t half = 1U << (bits - 1);
  if (code < half) return code;
  const std::uint32_t mantissas = half >> 3U;
  const double mantissa = 1 + static_cast<double>(code % mantissas) / mantissas;
  return std::ldexp(mantissa, static_cast<int>((code - half) / mantissas) + bits - 1);
}

Times igmp_times(ByteView query, Version version) {
  constexpr Duration kUnit = milliseconds(100);
  const std::uint8_t code = query[1];
  if (version == Version::k1) return {kUnit, seconds(10), code == 0 ? seconds(10) : seconds(0), {}};
  if (version == Version::k2) return {kUnit, 255 * kUnit, code * kUnit, {}};
  return {kUnit, 31744 * kUnit, scaled(kUnit, number_of(code, 8)),
          scaled(seconds(1), number_of(query[9], 8))};
}

Times mld_times(ByteView query, Version version) {
  constexpr Duration kUnit = milliseconds(1);
  const std::uint16_t code = load16(query, 4);
  if (version != Version::k3) return {kUnit, 65535 * kUnit, code * kUnit, {}};
  return {kUnit, 8387584 * kUnit, scaled(kUnit, number_of(code, 16)),
          scaled(seconds(1), number_of(query[25], 8))};
}

// Behind the IP header; and in IPv6 behind the one that has Router Alert.
ByteView message_of(ByteView packet) {
  const std::size_t ipv4 = std::size_t{4} * (packet[0] & 0xFU);
  const std::size_t ipv6 = packet[6] == 0 ? 48 : 40;
  return packet.subspan(packet[0] >> 4U == 4 ? ipv4 : ipv6);
}

Times times_of(const Frame& frame, const Query& meant) {
  const bool is_mld = dialect_of(meant.group).family == Family::kIPv6;
  const ByteView query = message_of(frame.packet);
  return is_mld ? mld_times(query, meant.version) : igmp_times(query, meant.version);
}

// Never longer than meant, and shorter only by what four bits of mantissa cannot say.
bool is_about(Duration said, Duration meant, Duration unit) {
  return said <= meant && said + unit > meant - meant / 16;
}

void check_spelling(const Step& step, const core::SendQuery& send, Violations& violations) {
  const Packet packet = core::packet_of(send);
  const Frame frame = *make_frame(step.node.identity().mac, packet);
  const Query& meant = send.query;
  const auto* heard = frame.get<Query>();
  if (heard != nullptr && heard->version == meant.version) {
    const Times times = times_of(frame, meant);
    Query said = *heard;
    const bool right = said.max_response == times.max_response &&
                       said.query_interval == times.query_interval &&
                       is_about(times.max_response,
                                std::min(meant.max_response, times.most_response), times.unit) &&
                       is_about(times.query_interval, meant.query_interval, seconds(1));
    said.max_response = meant.max_response;
    said.query_interval = meant.query_interval;
    Packet read = *frame.message;
    read.message = std::move(said);
    if (right && read == packet) return;
  }
  complain(violations, step.now, "spelling",
           who(step) + " is understood otherwise: " + describe(frame));
}

void check_envelope(const Step& step, const core::SendQuery& send, Violations& violations) {
  const Packet packet = core::packet_of(send);
  const Query& query = send.query;
  const Dialect& dialect = dialect_of(query.group);
  const Address right = query.is_general() ? dialect.all_systems : query.group;
  const bool is_proper =
      packet.destination == right && packet.hop_limit == 1 && packet.router_alert;
  if (is_proper && dialect.accepts(packet) && query.version >= dialect.oldest) return;
  complain(
      violations, step.now, "envelope",
      who(step) + " asks " + packet.destination.to_string() + " from " + packet.source.to_string());
}

}  // namespace

void check_wire(const Step& step, Violations& violations) {
  for (const auto* send : step.done<core::SendQuery>()) {
    check_envelope(step, *send, violations);
    check_spelling(step, *send, violations);
  }
}

}  // namespace querent::sim
