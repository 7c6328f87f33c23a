# Where the unpacked wheels are: the cache variable, else the environment, else the folder `./dev setup` makes.
# ./dev computes the same path; both hash sdk.lock.

set(BITFRONTIER_SDK "" CACHE PATH "Folder with torch/ and nvidia/ from the pinned wheels (empty: ask ./dev's rule)")

file(SHA256 "${PROJECT_SOURCE_DIR}/sdk.lock" _lock_hash)
string(SUBSTRING "${_lock_hash}" 0 12 _lock_hash)
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
