// Products with packed weights by tiles (tiles.h). Panels (../packed.h) are tiles as they lie, two side by side:
// sixteen pairs of bfloat16, or sixteen times four codes, of sixteen outputs. Tiles run at every number of rows, step
// after step along the inputs: a row's bits do not depend on the rows beside it, nor on which tiles are in flight
// together.
#pragma once

#include "coded_product.h"
#include "tiles.h"

namespace hone::HONE_ISA {

static_assert(kWidth == kTileBytes / sizeof(float), "a row of a tile of sums is one vector");

/// Outputs of a tile, and bytes from one row of a panel to the next.
inline constexpr int64_t kTileOutputs = kTileBytes / sizeof(float);
inline constexpr int64_t kPanelRow = 2 * kTileBytes;

/// Rows of two tiles, which a pass takes.
inline constexpr int64_t kPassRows = 2 * kTileHeight;

/// The bytes of weights that are asked for ahead of the ones in use: eight steps of a panel in bfloat16.
inline constexpr int64_t kTilesAhead = 16 << 10;

// Tiles by number: four of sums, those of two rows of tiles one after the other; then those of x; what is left takes
// weights in turn.
template <int RowTiles>
constexpr int sum_tile(int row, int column) {
  return row * (4 / RowTiles) + column;
}

constexpr int left_tile(int row) { return 4 + row; }

template <int RowTiles>
constexpr int right_tile(int column) {
  return 4 + RowTiles + column % (4 - RowTiles);
}

/// The tiles of a pass over so many rows, whose steps are of `depth` bytes.
template <int RowTiles>
inline TileShapes pass_shapes(int64_t rows, int64_t depth) {
  TileShapes shapes;
  for (int row = 0; row < RowTiles; row++) {
    const int64_t height = smaller(kTileHeight, rows - row * kTileHeight);
    shapes.set(left_tile(row), height, depth);
    for (int column = 0; column < 4 / RowTiles; column++) {
      shapes.set(sum_tile<RowTiles>(row, column), height, kTileBytes);
    }
  }

  for (int tile = 4 + RowTiles; tile < kTiles; tile++) {
    shapes.set(tile, depth / 4, kTileBytes);
  }

  return shapes;
}

template <int I>
struct Index {
  static constexpr int value = I;
};

template <class Body, int... I>
inline void for_each_index(const Body& body, Indices<I...>) {
  (body(Index<I>{}), ...);
}

/// body(Index<0>), body(Index<1>), …
template <int N, class Body>
inline void for_each_index(const Body& body) {
  for_each_index(body, typename CountTo<N>::type{});
}

/// body(row, column) for the tiles of sums.
template <int RowTiles, int Columns, class Body>
inline void for_each_sum(const Body& body) {
  for_each_index<Columns>([&](auto column) { for_each_index<RowTiles>([&](auto row) { body(row, column); }); });
}

/// Steps of `depth` bytes of rows, and of as many rows of panels.
struct TileSteps {
  const void* rows;
  int64_t row_stride;  // in bytes
  const void* weights;
  int64_t panel_stride;  // in bytes
  int64_t depth;
  int64_t count;
};

/// Sums += rows · weights.
template <class T, int RowTiles, int Columns, class Tiles>
inline void add_steps(Tiles& tiles, const TileSteps& steps, bool ahead) {
  const char* rows = static_cast<const char*>(steps.rows);
  const char* weights = static_cast<const char*>(steps.weights);
  const int64_t step_bytes = steps.depth / 4 * kPanelRow;
  for (int64_t k = 0; k < steps.count; k++, rows += steps.depth, weights += step_bytes) {
    for_each_index<RowTiles>([&](auto row) {
      constexpr int r = decltype(row)::value;
      tiles.template load<left_tile(r)>(rows + r * kTileHeight * steps.row_stride, steps.row_stride);
    });
    for_each_index<Columns>([&](auto column) {
      constexpr int c = decltype(column)::value, right = right_tile<RowTiles>(c);
      const char* const at = weights + c / 2 * steps.panel_stride + c % 2 * kTileBytes;
      tiles.template load<right>(at, kPanelRow);
      for (int64_t line = 0; ahead && line < step_bytes; line += kPanelRow) {
        __builtin_prefetch(at + kTilesAhead + line, 0, 2);
      }

      for_each_index<RowTiles>([&](auto row) {
        constexpr int r = decltype(row)::value;
        tiles.template multiply<T, sum_tile<RowTiles>(r, c), left_tile(r), right>();
      });
    });
  }
}

template <int RowTiles, int Columns, class Tiles>
inline void clear_sums(Tiles& tiles) {
  for_each_sum<RowTiles, Columns>([&](auto row, auto column) {
    tiles.template clear<sum_tile<RowTiles>(decltype(row)::value, decltype(column)::value)>();
  });
}

/// Calls body(panel, columns) for all panels: with one tile of rows two panels go together, so that four sums are in
/// flight at all times.
template <int RowTiles, class Body>
inline void for_each_panel(int64_t panels, const Body& body) {
  constexpr int64_t together = 2 / RowTiles;
  int64_t panel = 0;
  for (; panel + together <= panels; panel += together) {
    body(panel, Index<2 * together>{});
  }

  if (panel < panels) {
    body(panel, Index<2>{});
  }
}

/// Calls body(row, count, Index<tiles of rows>) for passes over the rows.
template <class Body>
inline void for_each_pass(int64_t rows, const Body& body) {
  for (int64_t row = 0; row < rows; row += kPassRows) {
    const int64_t count = smaller(kPassRows, rows - row);
    if (count > kTileHeight) {
      body(row, count, Index<2>{});
    } else {
      body(row, count, Index<1>{});
    }
  }
}

// ---- bfloat16

/// out [rows, panels · 32] = x · weightsᵀ over panels that follow each other, as packed_product. No number beyond the
/// inputs of a row is read: of the last step a copy is, with zeros after it.
template <class Tiles>
void tile_product(const bfloat* x, int64_t x_stride, const void* weights, int64_t rows, int64_t panels, int64_t inputs,
                  float* out, int64_t out_stride) {
  constexpr int64_t step = kTileBytes / sizeof(bfloat);
  static_assert(step == kPanelInputs);
  const int64_t row_bytes = x_stride * static_cast<int64_t>(sizeof(bfloat));
  const int64_t panel_bytes = round_up(inputs, kPanelInputs) * kPanel * static_cast<int64_t>(sizeof(bfloat));
  const int64_t whole = inputs / step, rest = inputs % step;
  Tiles tiles;
  for_each_pass(rows, [&](int64_t first, int64_t count, auto row_tiles) {
    constexpr int RowTiles = decltype(row_tiles)::value;
    const bfloat* const some = x + first * x_stride;
    alignas(64) bfloat last[kPassRows][step];
    for (int64_t row = 0; rest > 0 && row < count; row++) {
      __builtin_memset(last[row], 0, sizeof last[row]);
      __builtin_memcpy(last[row], some + row * x_stride + whole * step, rest * sizeof(bfloat));
    }

    tiles.shape(pass_shapes<RowTiles>(count, kTileBytes));
    for_each_panel<RowTiles>(panels, [&](int64_t panel, auto columns) {
      constexpr int Columns = decltype(columns)::value;
      const char* const at = static_cast<const char*>(weights) + panel * panel_bytes;
      clear_sums<RowTiles, Columns>(tiles);
      add_steps<bfloat, RowTiles, Columns>(tiles, {some, row_bytes, at, panel_bytes, kTileBytes, whole}, first == 0);
      if (rest > 0) {
        const char* const end = at + whole * step / 2 * kPanelRow;
        add_steps<bfloat, RowTiles, Columns>(tiles, {last, kTileBytes, end, panel_bytes, kTileBytes, 1}, first == 0);
      }

      float* const to = out + first * out_stride + panel * kPanel;
      for_each_sum<RowTiles, Columns>([&](auto row, auto column) {
        constexpr int r = decltype(row)::value, c = decltype(column)::value;
        tiles.template store<sum_tile<RowTiles>(r, c)>(to + r * kTileHeight * out_stride + c * kTileOutputs,
                                                       out_stride * static_cast<int64_t>(sizeof(float)));
      });
    });
  });
}

// ---- weights in 8 bits: integers are exact, so that rows may take either way

/// Up to so many rows the vectors of coded_product take two to four panels at once: there the memory sets the pace, and
/// tiles would add a way through it for each block's sums.
inline constexpr int64_t kVectorRows = 4;

/// out [rows, Columns · 16] = x · panels, their sums block by block from tiles into floats.
template <WeightCode Code, int RowTiles, int Columns, class Tiles>
inline void add_blocks(Tiles& tiles, const CodedRows& x, int64_t rows, const uint8_t* weights, int64_t inputs,
                       float* out, int64_t out_stride, bool ahead) {
  constexpr CodeFormat format = format_of(Code);
  constexpr int64_t depth = format.block < kTileBytes ? format.block : kTileBytes;
  static_assert(format.bits == 8 && !format.least && format.block % depth == 0);
  const int64_t blocks = format.blocks(inputs), panel_bytes = blocks * format.block_bytes();
  alignas(64) int32_t exact[Columns][RowTiles * kTileHeight][kTileOutputs];
  for (int64_t b = 0; b < blocks; b++, weights += format.block_bytes()) {
    clear_sums<RowTiles, Columns>(tiles);
    add_steps<int8_t, RowTiles, Columns>(
        tiles, {x.codes + b * format.block, x.stride, weights, panel_bytes, depth, format.block / depth}, ahead);
    for_each_sum<RowTiles, Columns>([&](auto row, auto column) {
      constexpr int r = decltype(row)::value, c = decltype(column)::value;
      tiles.template store<sum_tile<RowTiles>(r, c)>(exact[c][r * kTileHeight], kTileBytes);
    });
    for (int64_t c = 0; c < Columns; c++) {
      const Floats scale = load_half(weights + c / 2 * panel_bytes + format.code_bytes() + c % 2 * kTileOutputs * 2);
      for (int64_t row = 0; row < rows; row++) {
        const CodeBlock& block = x.blocks[row * x.block_stride + b];
        Ints sum;
        __builtin_memcpy(&sum, exact[c][row], sizeof sum);
        float* const to = out + row * out_stride + c * kTileOutputs;
        store(to, add_block(b == 0 ? Floats{} : load(to), sum + owed(format, block), scale, block));
      }
    }
  }
}

template <WeightCode Code, class Tiles>
inline void tile_coded_rows(const CodedRows& x, const uint8_t* panels, int64_t rows, int64_t panel_count,
                            int64_t inputs, float* out, int64_t out_stride) {
  constexpr CodeFormat format = format_of(Code);
  const int64_t panel_bytes = format.blocks(inputs) * format.block_bytes();
  Tiles tiles;
  for_each_pass(rows, [&](int64_t first, int64_t count, auto row_tiles) {
    constexpr int RowTiles = decltype(row_tiles)::value;
    tiles.shape(pass_shapes<RowTiles>(count, smaller(format.block, kTileBytes)));
    for_each_panel<RowTiles>(panel_count, [&](int64_t panel, auto columns) {
      add_blocks<Code, RowTiles, decltype(columns)::value>(tiles, x.from(first), count, panels + panel * panel_bytes,
                                                           inputs, out + first * out_stride + panel * kPanel,
                                                           out_stride, first == 0);
    });
  });
}

/// As coded_product, with the same bits. Weights in 4 bits stay with the vectors: they would have to be unpacked, and
/// their blocks of 32 inputs fill half a tile, whose sums then go through memory for each.
template <class Tiles>
void tile_coded_product(const CodedRows& x, const uint8_t* panels, WeightCode code, int64_t rows, int64_t panel_count,
                        int64_t inputs, float* out, int64_t out_stride) {
  if (rows > kVectorRows && code == WeightCode::Int8) {
    tile_coded_rows<WeightCode::Int8, Tiles>(x, panels, rows, panel_count, inputs, out, out_stride);
  } else if (rows > kVectorRows && code == WeightCode::Q80) {
    tile_coded_rows<WeightCode::Q80, Tiles>(x, panels, rows, panel_count, inputs, out, out_stride);
  } else {
    coded_product(x, panels, code, rows, panel_count, inputs, out, out_stride);
  }
}

}  // namespace hone::HONE_ISA
