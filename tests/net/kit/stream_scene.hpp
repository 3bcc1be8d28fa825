#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "lab/lan.hpp"
#include "lab/process.hpp"
#include "querent/address.hpp"
#include "querent_lan.hpp"

// A stream behind switches that snoop, without querent and with it. Its own host is a receiver like
// the others.

namespace querent::test {

enum class Device : std::uint8_t { kCable, kBridge, kMacvlan };

// The sender's, for groups that reach farther than the link.
inline constexpr Address kSenderBeyondTheLink = Address::v6(0xFD09000000000000, 1);

// A stream is "GROUP" or "GROUP@SOURCE". The own host's is another than the others': its port gets
// all reports, and a host of IGMPv2 or MLDv1 that hears another one's keeps its own to itself.
struct Streams {
  std::string all;
  std::string own;
};

inline const Streams kIpv4Streams{.all = "239.1.2.3", .own = "239.1.2.4"};

struct Scene {
  std::vector<int> switches{3};   // the sender is host 1
  std::vector<int> receivers{2};  // beside querent's own host
  int querent = 3;
  Device device = Device::kCable;  // where querent listens
  std::vector<std::string> arguments{"--igmp-version", "3"};
  Streams streams = kIpv4Streams;
  Duration window = 2s;  // of the switches' memory
  int windows = 3;
  // A bridge that snoops sends its host's IGMPv2 reports towards queriers alone: with querent on
  // top of it, nowhere. (As router port it gets every stream from the switch all the same.)
  bool own_reports_leave_the_host = true;

  Family family() const;
};

// Of 20 windows.
Scene longer(Scene scene);

class StreamScene {
 public:
  explicit StreamScene(Scene scene);

  // The receivers fall silent, and out of the table.
  void die_without();
  // Nothing is lost in any of the windows, and nobody is ever missing in the table.
  void live_with();

 private:
  struct Receiver {
    int host;
    Address group;
    lab::Process process;
    Duration least_remaining{kNever.time_since_epoch()};
    int looks = 0;
  };

  Duration patience() const { return kPatience + 2 * scene_.window; }
  bool is_in_the_table(const Receiver& receiver) const {
    return receiver.host != scene_.querent || scene_.own_reports_leave_the_host;
  }
  std::string set_up_device();
  lab::Process start_sending();
  std::vector<Receiver> join_all(const std::vector<std::string>& arguments);
  void await_entry(const Receiver& receiver, bool wanted);
  void look(Receiver& receiver);
  void judge(Receiver& receiver, Duration time);

  Scene scene_;
  lab::Lan lan_;
  std::string interface_;  // querent's
  lab::Process sending_;
};

void lives_with_querent_alone(const Scene& scene);

}  // namespace querent::test
