// How weights lie in memory when a product runs over them: one layout for every processor and every number of rows.
#pragma once

#include <cstdint>

namespace hone {

/// Outputs [output, input] lie in panels of this many outputs, one panel after the other; the last is filled up with
/// zeros. Inside a panel, inputs follow each other, all outputs of one side by side: [panel][input][32] in float32. In
/// bfloat16 inputs go in pairs, [panel][input / 2][32][2], which is what the processor's own products read, and what
/// two shifts turn into floats where it has none.
inline constexpr int64_t kPanel = 32;

/// Inputs of a panel are filled up with zeros to a multiple of this.
inline constexpr int64_t kPanelInputs = 32;

}  // namespace hone
