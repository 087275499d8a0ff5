// Compiled once for each instruction set: HONE_ISA is its namespace, the compiler's flags its instructions.
#include "../kernels.h"

#include "accumulate.h"
#include "adamw.h"
#include "adamw8.h"
#include "attention.h"
#include "attention_backward.h"
#include "coded_pages.h"
#include "coded_product.h"
#include "coded_weights.h"
#include "decoder_rows.h"
#include "log_probs.h"
#include "packed_weights.h"
#include "rms_norm.h"
#include "rotary.h"
#include "sampling.h"
#include "swiglu.h"
#if defined(__AVX512BF16__)
#include "tile_model.h"
#include "tile_product.h"
#endif

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
  k.adamw8 = adamw8<T>;
  k.sum_of_squares = sum_of_squares<T>;
  k.accumulate = accumulate<T>;
  k.attention_queries = attention_queries<T>;
  k.attention_scratch = attention_scratch<T>;
  k.attention = attention<T>;
  k.store_slot = store_slot<T>;
  k.store_codes = store_codes<T>;
  k.attention_backward_scratch = attention_backward_scratch<T>;
  k.attention_backward_clear = attention_backward_clear<T>;
  k.attention_backward = attention_backward<T>;
  k.pack_floats = pack_panel<T, float>;
  k.pack_bfloats = pack_panel<T, bfloat>;
  k.packed_product = packed_product<T>;
  k.code_row = code_row<T>;
  k.embed_floats = embed<T, float>;
  k.embed_bfloats = embed<T, bfloat>;
  k.change = change<T>;
  k.scale = scale<T>;
  k.finish = finish<T>;
  k.finish_residual = finish_residual<T>;
  k.finish_gate = finish_gate<T>;
  k.finish_logits = finish_logits<T>;
  k.sample = sample<T>;
  return k;
}

constexpr CodeKernels code_kernels() {
  return {code_panel<float>, code_panel<bfloat>, repack_blocks, panel_numbers, coded_product};
}

const KernelSet kernels{kernels_of<float>(), kernels_of<bfloat>(), code_kernels()};

#if defined(__AVX512BF16__)
template <class Tiles>
constexpr KernelSet with_tiles() {
  KernelSet set{kernels_of<float>(), kernels_of<bfloat>(), code_kernels()};
  set.bfloat16.packed_product = tile_product<Tiles>;
  set.codes.product = tile_coded_product<Tiles>;
  return set;
}

const KernelSet amx_kernels = with_tiles<HardwareTiles>();
const KernelSet modelled_amx_kernels = with_tiles<ModelledTiles>();
#endif

}  // namespace hone::HONE_ISA
