/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The interface of libbitfrontier_parquet.so, an optional module loaded at run time. C, so that
   program and module may be built apart. */
#pragma once

#include <stddef.h>

#define BF_PARQUET_VERSION 1

#ifdef __cplusplus
extern "C" {
#endif

/* One row as a JSON object, `size` bytes of UTF-8 without a line end; returns 0 to go on. */
typedef int (*bf_parquet_row_t)(void* context, const char* json, size_t size);

/* The module exports bf_parquet_version, which returns BF_PARQUET_VERSION, and bf_parquet_read,
   which calls `row` for each row of a file in order; returns 0, or 1 with a sentence in `error`
   (always terminated). Strings, numbers, booleans, lists and structs are converted; a column of
   another type is an error. */
typedef int (*bf_parquet_version_t)(void);
typedef int (*bf_parquet_read_t)(const char* path, bf_parquet_row_t row, void* context, char* error,
                                 size_t errorSize);

#ifdef __cplusplus
}
#endif
