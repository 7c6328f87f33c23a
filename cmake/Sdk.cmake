# Where the unpacked wheels are: the cache variable, else the environment, else the folder `./dev setup` makes.
# ./dev computes the same path; both hash sdk.lock, without the lines on Parquet, whose libraries are optional and lie in a
# folder of their own.

set(BITFRONTIER_SDK "" CACHE PATH "Folder with torch/ and nvidia/ from the pinned wheels (empty: ask ./dev's rule)")

file(READ "${PROJECT_SOURCE_DIR}/sdk.lock" _lock)
string(REGEX MATCHALL "parquet [^\n]*\n" _parquet_lock "${_lock}")
string(REGEX REPLACE "(# )?parquet[^\n]*\n" "" _lock "${_lock}")
string(SHA256 _lock_hash "${_lock}")
string(SUBSTRING "${_lock_hash}" 0 12 _lock_hash)
string(SHA256 _parquet_hash "${_parquet_lock}")
string(SUBSTRING "${_parquet_hash}" 0 12 _parquet_hash)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/sdk.lock")

if(BITFRONTIER_SDK)
  set(BITFRONTIER_SDK_DIR "${BITFRONTIER_SDK}")
elseif(NOT "$ENV{BITFRONTIER_SDK}" STREQUAL "")
  set(BITFRONTIER_SDK_DIR "$ENV{BITFRONTIER_SDK}")
elseif(NOT "$ENV{XDG_CACHE_HOME}" STREQUAL "")
  set(BITFRONTIER_SDK_DIR "$ENV{XDG_CACHE_HOME}/bitfrontier/sdk-${_lock_hash}")
else()
  set(BITFRONTIER_SDK_DIR "$ENV{HOME}/.cache/bitfrontier/sdk-${_lock_hash}")
endif()

# Arrow and Parquet of the pyarrow wheel, for core/parquet; empty when `./dev setup --parquet` was not run.
get_filename_component(_sdk_base "${BITFRONTIER_SDK_DIR}" DIRECTORY)
set(BITFRONTIER_PARQUET_DIR "${_sdk_base}/parquet-${_parquet_hash}")
if(NOT EXISTS "${BITFRONTIER_PARQUET_DIR}/.complete-parquet")
  set(BITFRONTIER_PARQUET_DIR "")
endif()
