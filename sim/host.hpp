#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "base/random.hpp"
#include "querent/address.hpp"
#include "querent/message.hpp"
#include "querent/time.hpp"
#include "sim/node.hpp"

namespace querent::sim {

// What a host wants of a group. INCLUDE of nothing: it is no member.
struct Wish {
  bool excludes = false;  // all sources but these; else only these
  std::set<Address> sources;

  bool is_member() const { return excludes || !sources.empty(); }
  bool operator==(const Wish&) const = default;
};

// A host that answers as RFC 1112, RFC 2236 (with suppression) or RFC 9776 says, in IPv6 as RFC
// 2710 (with suppression) or RFC 9777, according to what it is able to and which queries it hears.
class Host : public Node {
 public:
  struct Traits {
    // 0.0.0.0 or ::, a host that has none yet; which in IPv6 is silent until it has.
    Address address{};
    MacAddress mac{};
    Version version = Version::k3;
    int robustness = 2;
  };

  Host(const Traits& traits, Random random) : traits_(traits), random_(random) {}

  // Asks for, or gives up, what is not as before. Tells the network.
  void wish(Address group, const Wish& wish, Instant now, Out& out);

  // A new address; from nobody to somebody, it tells what it wants (RFC 3590 4).
  void take_address(Address address, Instant now);

  void receive(const FramePtr& frame, Instant now, Out& out) override;
  void wake(Instant now, Out& out) override;
  Instant deadline() const override;

  const Traits& traits() const { return traits_; }
  const std::map<Address, Wish>& wishes() const { return wishes_; }
  bool is_member(Address group) const { return wishes_.contains(group); }

  // The stream as it arrived: the number of the last datagram, and how many were skipped.
  struct StreamLog {
    std::uint64_t last = 0;
    std::uint64_t missing = 0;
    std::optional<Instant> last_at;
  };
  const StreamLog& stream() const { return stream_; }

 private:
  // An answer that is owed: to the whole group, or about these sources.
  struct Answer {
    Instant due{};
    std::set<Address> sources;
  };
  // A change that is told several times (RFC 9776 6.1).
  struct Announcement {
    Instant due{};
    int left = 0;
    std::vector<Record> records;  // v3; else a plain report
  };

  bool is_for_us(const Packet& packet) const;
  Version mode(Instant now) const;
  void hear_query(const Query& query, Instant now);
  void owe_answers(const Query& query, Instant now);
  void owe(Address group, const std::set<Address>& sources, Duration within, Instant now);
  void hear_report(const Report& report, Instant now);
  void hear_data(const StreamData& data, Instant now);

  void answer(Address group, const Answer& answer, Instant now, Out& out);
  void answer_general(Out& out);
  void announce(Announcement& announcement, Address group, Instant now, Out& out);
  void send_records(std::vector<Record> records, Out& out) const;
  void send_plain_report(Address group, Version version, Out& out) const;
  void send(Address destination, Message message, Out& out) const;

  Traits traits_;
  Random random_;
  std::map<Address, Wish> wishes_;
  std::array<Instant, 2> older_querier_until_{kLongAgo, kLongAgo};  // v1, v2
  Version mode_before_ = Version::k3;
  Instant general_answer_ = kNever;  // v3
  std::map<Address, Answer> answers_;
  std::map<Address, Announcement> announcements_;
  StreamLog stream_;
};

}  // namespace querent::sim
