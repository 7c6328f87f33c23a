# What is compiled into the window beside its icons: the changes of this tree, and the translations.
target_sources(ui PRIVATE help.qrc)

# Translations: resources/i18n/bitfrontier_LOCALE.ts, compiled into the program. `./dev translations` brings them up to date.
find_program(LRELEASE lrelease HINTS /usr/lib/qt6/bin)
file(GLOB _ts CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/resources/i18n/*.ts")
if(LRELEASE AND _ts)
  set(_qrc "<!DOCTYPE RCC><RCC version=\"1.0\"><qresource prefix=\"/i18n\">")
  foreach(_file IN LISTS _ts)
    get_filename_component(_name "${_file}" NAME_WE)
    set(_qm "${CMAKE_CURRENT_BINARY_DIR}/${_name}.qm")
    add_custom_command(OUTPUT "${_qm}" COMMAND "${LRELEASE}" -silent "${_file}" -qm "${_qm}" DEPENDS "${_file}" VERBATIM)
    list(APPEND _qms "${_qm}")
    string(APPEND _qrc "<file>${_name}.qm</file>")
  endforeach()
  # Not by AUTORCC, which does not wait for files that the build makes.
  file(WRITE "${CMAKE_CURRENT_BINARY_DIR}/translations.qrc" "${_qrc}</qresource></RCC>")
  add_custom_command(OUTPUT qrc_translations.cpp
    COMMAND Qt6::rcc -name translations -o qrc_translations.cpp translations.qrc DEPENDS ${_qms} VERBATIM)
  target_sources(ui PRIVATE "${CMAKE_CURRENT_BINARY_DIR}/qrc_translations.cpp")
  set_source_files_properties(settings/language.cpp PROPERTIES COMPILE_DEFINITIONS BITFRONTIER_TRANSLATIONS)
else()
  message(STATUS "no lrelease (qt6-l10n-tools): the window speaks English only")
endif()
