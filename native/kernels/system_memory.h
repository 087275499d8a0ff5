// Large memory straight from the system.
#pragma once

#include <ATen/ATen.h>

namespace hone {

/// The pages of memory that a processor looks up at once where the system offers them.
inline constexpr int64_t kHugePage = 2 << 20;

/// A tensor in memory of its own, which the system gives page by page as it is first written, and gets back with the
/// tensor. `huge`: in pages as large as there are; memory that is read over and over otherwise costs a look-up for each
/// small page.
at::Tensor system_memory(at::IntArrayRef shape, at::ScalarType type, bool huge);

}  // namespace hone
