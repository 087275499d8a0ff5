// Compiled once for each instruction set: HONE_ISA is its namespace, the compiler's flags its instructions.
#include "../kernels.h"

#include "accumulate.h"
#include "adamw.h"
#include "attention.h"
#include "attention_backward.h"
#include "log_probs.h"
#include "rms_norm.h"
#include "rotary.h"
#include "swiglu.h"

namespace hone::HONE_ISA {

template <class T>
constexpr Kernels<T> kernels_of() {
  Kernels<T> k{};
  k.rms_norm = rms_norm<T>;
  k.rms_norm_backward = rms_norm_backward<T>;
  k.rotary = rotary<T>;
  k.swiglu = swiglu<T>;
  k.swiglu_backward = swiglu_backward<T>;
  k.logit_row = logit_row<T>;
  k.logit_row_backward = logit_row_backward<T>;
  k.adamw = adamw<T>;
  k.sum_of_squares = sum_of_squares<T>;
  k.accumulate = accumulate<T>;
  k.attention_queries = attention_queries<T>;
  k.attention_scratch = attention_scratch<T>;
  k.attention = attention<T>;
  k.attention_backward_scratch = attention_backward_scratch<T>;
  k.attention_backward = attention_backward<T>;
  return k;
}

const KernelSet kernels{kernels_of<float>(), kernels_of<bfloat>()};

}  // namespace hone::HONE_ISA
