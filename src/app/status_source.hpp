#pragma once

#include "app/appliance.hpp"
#include "app/inbox.hpp"
#include "app/website.hpp"

namespace querent::app {

// Hands the website's questions on to the loop, whose appliance it must be. A status that is young
// is given again.
StatusSource status_source(const Inbox& inbox, Appliance& appliance);

}  // namespace querent::app
