// Numbers into few bits: rows that are multiplied, and weights into panels of codes (../packed.h).
#pragma once

#include "../kernels.h"
#include "half.h"
#include "rounding.h"
#include "turning.h"

namespace hone::HONE_ISA {

// ---- rows that are multiplied: scale = max |x| / 127 over a block, turned where its weights are

/// Codes of at most a block of numbers, zeros after them, and what belongs to them.
template <class T>
inline CodeBlock code_some(const T* x, int64_t count, int64_t block, int8_t* codes) {
  const float scale = magnitude_of(x, count) / 127.0f;
  Ints sums{};
  round_all(x, count, 0.0f, inverse_or_zero(scale), -127, 127, [&](int64_t i, Ints q, auto lanes) {
    store_bytes(codes + i, q, lanes);
    sums += bit_cast<Ints>(select(lanes, bit_cast<Floats>(q), 0.0f));
  });
  __builtin_memset(codes + count, 0, block - count);
  return {scale, sum_of(sums)};
}

template <class T>
void code_row(const T* x, int64_t n, const CodeFormat& format, const CodedRows& row) {
  for (int64_t from = 0, b = 0; from < n; from += format.block, b++) {
    const int64_t count = smaller(format.block, n - from);
    if (format.turned) {
      alignas(64) float turned[kTurned];
      turn(x + from, count, kTurnedFactors, turned);
      row.blocks[b] = code_some(turned, kTurned, kTurned, row.codes + from);
    } else {
      row.blocks[b] = code_some(x + from, count, format.block, row.codes + from);
    }
  }
}

// ---- weights

/// The codes of one block of a panel: [output][input] before they are laid out.
struct PanelBlock {
  alignas(64) uint8_t codes[kPanel * kTurned];
  uint16_t scales[kPanel];
  uint16_t leasts[kPanel];
};

inline uint32_t word_at(const uint8_t* bytes) {
  uint32_t word;
  __builtin_memcpy(&word, bytes, sizeof word);
  return word;
}

/// Writes a block as products read it.
inline void lay_out(const PanelBlock& from, const CodeFormat& format, uint8_t* to) {
  const int64_t at_once = format.bits == 8 ? 4 : 8;
  for (int64_t k = 0; k < format.block; k += at_once) {
    for (int64_t output = 0; output < kPanel; output++, to += 4) {
      const uint8_t* const codes = from.codes + output * format.block + k;
      const uint32_t word = format.bits == 8 ? word_at(codes) : word_at(codes) | word_at(codes + 4) << 4;
      __builtin_memcpy(to, &word, sizeof word);
    }
  }

  __builtin_memcpy(to, from.scales, sizeof from.scales);
  if (format.least) {
    __builtin_memcpy(to + sizeof from.scales, from.leasts, sizeof from.leasts);
  }
}

/// Rounds numbers to codes; their scale covers the largest of them, or with a least number the way from it to the
/// largest.
template <class T>
inline void code_block(const T* weights, int64_t count, const CodeFormat& format, int64_t output, PanelBlock& to) {
  const Extent extent = extent_of(weights, count);
  const int32_t most = (1 << format.bits) - 1, half = most / 2;
  const float width = format.least ? (extent.largest - extent.least + extent.unclean) / static_cast<float>(most)
                                   : magnitude_of(weights, count) / static_cast<float>(half);
  uint8_t* const codes = to.codes + output * format.block;
  to.scales[output] = narrow_half(width);
  to.leasts[output] = narrow_half(extent.least);
  const float scale = widen_half(to.scales[output]), offset = format.least ? widen_half(to.leasts[output]) : 0.0f;
  const int32_t zero = format.zero();
  round_all(weights, count, offset, inverse_or_zero(scale), format.least ? 0 : -half, format.least ? most : half,
            [&](int64_t i, Ints q, auto lanes) { store_bytes(codes + i, q + zero, lanes); });
  __builtin_memset(codes + count, zero, format.block - count);
}

template <class T>
void code_panel(const T* weights, int64_t stride, int64_t outputs, int64_t inputs, WeightCode code, uint8_t* panel) {
  const CodeFormat format = format_of(code);
  PanelBlock block{};
  for (int64_t from = 0; from < inputs; from += format.block, panel += format.block_bytes()) {
    const int64_t count = smaller(format.block, inputs - from);
    for (int64_t output = 0; output < outputs; output++) {
      const T* const some = weights + output * stride + from;
      if (format.turned) {
        alignas(64) float turned[kTurned];
        turn(some, count, kTurnedWeights, turned);
        code_block(turned, kTurned, format, output, block);
      } else {
        code_block(some, count, format, output, block);
      }
    }

    lay_out(block, format, panel);
  }
}

/// GGUF's blocks: a scale, a least number where there is one, then codes; in 4 bits the first half of them in the lower
/// halves of the bytes, in 8 bits signed.
inline void repack_blocks(const uint8_t* blocks, int64_t stride, int64_t outputs, int64_t inputs, WeightCode code,
                          uint8_t* panel) {
  const CodeFormat format = format_of(code);
  const int64_t head = format.head_bytes(), bytes = format.file_bytes(), half = format.block / 2;
  PanelBlock block{};
  for (int64_t b = 0; b < format.blocks(inputs); b++, panel += format.block_bytes()) {
    for (int64_t output = 0; output < outputs; output++) {
      const uint8_t* const from = blocks + output * stride + b * bytes;
      uint8_t* const codes = block.codes + output * format.block;
      __builtin_memcpy(&block.scales[output], from, sizeof(uint16_t));
      __builtin_memcpy(&block.leasts[output], from + head - sizeof(uint16_t), sizeof(uint16_t));
      for (int64_t i = 0; i < (format.bits == 8 ? format.block : 0); i++) {
        codes[i] = from[head + i] ^ 0x80u;
      }

      for (int64_t i = 0; i < (format.bits == 8 ? 0 : half); i++) {
        codes[i] = from[head + i] & 0xfu;
        codes[i + half] = from[head + i] >> 4;
      }
    }

    lay_out(block, format, panel);
  }
}

/// The numbers of an output of a panel.
inline void panel_numbers(const uint8_t* panel, int64_t output, int64_t inputs, WeightCode code, float* numbers) {
  const CodeFormat format = format_of(code);
  for (int64_t from = 0; from < inputs; from += format.block, panel += format.block_bytes()) {
    uint16_t scales[2 * kPanel] = {};
    __builtin_memcpy(scales, panel + format.code_bytes(), format.block_bytes() - format.code_bytes());
    const float scale = widen_half(scales[output]), least = format.least ? widen_half(scales[kPanel + output]) : 0.0f;
    alignas(64) float block[kTurned];
    for (int64_t i = 0; i < format.block; i++) {
      const int64_t word = format.bits == 8 ? i / 4 : i / 8;
      const uint8_t byte = panel[(word * kPanel + output) * 4 + i % 4];
      const int32_t bits = format.bits == 8 ? byte : i / 4 % 2 == 0 ? byte & 0xf : byte >> 4;
      block[i] = scale * static_cast<float>(bits - format.zero()) + least;
    }

    if (format.turned) {
      turn_back(block);
    }

    __builtin_memcpy(numbers + from, block, smaller(format.block, inputs - from) * sizeof(float));
  }
}

}  // namespace hone::HONE_ISA
