# Everything the program is built from. Targets to use in DEPS are named behind each line.

find_package(PkgConfig REQUIRED)
pkg_check_modules(HWY REQUIRED IMPORTED_TARGET libhwy)        # PkgConfig::HWY
if(BITFRONTIER_CORE)
  find_package(Torch 2.11 REQUIRED)                           # through TORCH, never by name
  find_package(Ceres REQUIRED QUIET)                          # Ceres::ceres (brings Eigen3::Eigen)
  find_package(Eigen3 REQUIRED NO_MODULE)                     # Eigen3::Eigen
  find_package(Boost REQUIRED)                                # Boost::headers
  find_package(SQLite3 REQUIRED)                              # SQLite::SQLite3
  find_package(SQLiteCpp REQUIRED)                            # SQLiteCpp
  find_package(nlohmann_json REQUIRED)                        # nlohmann_json::nlohmann_json
  find_package(CLI11 REQUIRED)                                # CLI11::CLI11
  find_package(fmt REQUIRED)                                  # fmt::fmt
  find_package(OpenSSL REQUIRED)                              # OpenSSL::Crypto
  find_package(CURL 7.85 REQUIRED)                            # CURL::libcurl
  pkg_check_modules(PCRE2 REQUIRED IMPORTED_TARGET libpcre2-8)      # PkgConfig::PCRE2
  pkg_check_modules(LIBZIP REQUIRED IMPORTED_TARGET libzip)         # PkgConfig::LIBZIP
  pkg_check_modules(UTF8PROC REQUIRED IMPORTED_TARGET libutf8proc)  # PkgConfig::UTF8PROC
  if(BITFRONTIER_QT)
    find_package(Qt6 6.4 REQUIRED COMPONENTS Core DBus Gui Widgets PrintSupport Svg)
    pkg_check_modules(QPDF REQUIRED IMPORTED_TARGET libqpdf)  # PkgConfig::QPDF
    find_package(QCustomPlotQt6 REQUIRED)                     # QCustomPlotQt6
    if(BITFRONTIER_TESTS)
      find_package(Qt6 REQUIRED COMPONENTS Test)              # Qt6::Test
    endif()
  endif()
endif()
if(BITFRONTIER_TESTS)
  find_package(GTest REQUIRED)                                # GTest::gtest, GTest::gmock
  find_package(rapidcheck REQUIRED)                           # rapidcheck
endif()
find_package(benchmark QUIET)                                 # through bf_bench
