#include "switch_table.hpp"

#include <linux/rtnetlink.h>
#include <poll.h>

#include "net/netlink_socket.hpp"
#include "os/clock.hpp"

namespace querent::test {

namespace {

int milliseconds(Duration time) {
  return static_cast<int>(std::chrono::duration_cast<std::chrono::milliseconds>(time).count());
}

}  // namespace

bool await_table(lab::CheapSwitch& at, const Wish& wish, Duration patience) {
  auto news = at.space().inside([] { return net::NetlinkSocket::open(); });
  if (!news || !news->join(RTNLGRP_MDB)) return false;
  const Instant until = os::now() + patience;
  for (;;) {
    const auto table = at.table();
    if (!table) return false;
    if ((table->find(wish.port, wish.group) != nullptr) == wish.listed) return true;
    if (os::now() >= until) return false;
    pollfd waiting{news->fd().number(), POLLIN, 0};
    poll(&waiting, 1, milliseconds(until - os::now()));
    if (!news->receive()) return false;
  }
}

}  // namespace querent::test
