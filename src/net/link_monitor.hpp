#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "net/interface.hpp"
#include "net/link_table.hpp"
#include "net/netlink_socket.hpp"
#include "os/fd.hpp"
#include "os/sys_error.hpp"

namespace querent::net {

// All interfaces of this network namespace, kept current by netlink.
class LinkMonitor {
 public:
  // With everything that there is now in interfaces().
  static os::SysResult<LinkMonitor> open();

  // Readable when there is something to read().
  const os::Fd& fd() const { return news_.fd(); }

  // What has changed since, in order; nothing that repeats what was known. A rename is a kPresent
  // with another name. When messages were lost all is asked for anew; since any interface may then
  // have been replaced by one of the same index and name, each is told as gone, and as present
  // again if it is. After an error read again, also when nothing is readable: nothing is missed.
  os::SysResult<std::vector<LinkEvent>> read();

  // How often messages were lost and made good.
  std::uint64_t losses() const { return losses_; }

  const std::map<int, Interface>& interfaces() const { return table_.interfaces(); }

 private:
  LinkMonitor(NetlinkSocket news, NetlinkSocket questions)
      : news_(std::move(news)), questions_(std::move(questions)) {}

  os::SysResult<LinkTable> ask_for_all();
  os::SysResult<void> start_anew();

  NetlinkSocket news_;       // has joined the groups
  NetlinkSocket questions_;  // has not
  LinkTable table_;
  std::vector<LinkEvent> untold_;
  bool overrun_ = false;
  std::uint64_t losses_ = 0;
};

// The interface of the main table's IPv4 default route with the lowest metric; without one, of its
// IPv6 default route; empty: none.
os::SysResult<std::string> default_route_interface();

}  // namespace querent::net
