#pragma once

#include "app/inbox.hpp"
#include "app/website.hpp"

namespace querent::app {

// Hands the website's questions on to the loop. A status that is young is given again.
observe::StatusSource status_source(const Inbox& inbox);

}  // namespace querent::app
