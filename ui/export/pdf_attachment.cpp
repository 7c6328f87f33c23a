// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/export/pdf_attachment.h"

#define POINTERHOLDER_TRANSITION 4  // else the headers warn of what they will drop

#include <qpdf/Pipeline.hh>
#include <qpdf/QPDF.hh>
#include <qpdf/QPDFEmbeddedFileDocumentHelper.hh>

#include "core/base/error.h"

namespace bitfrontier {
namespace {

/// Takes what is unpacked, up to a limit that few bytes of a hostile file can pass.
class LimitedText : public Pipeline {
 public:
  explicit LimitedText(std::size_t most) : Pipeline("attachment", nullptr), most_(most) {}

  void write(const unsigned char* data, std::size_t length) override {
    if (text.size() + length > most_) throw std::runtime_error("an attachment is too large");
    text.append(reinterpret_cast<const char*>(data), length);
  }
  void finish() override {}

  std::string text;

 private:
  std::size_t most_;
};

}  // namespace

std::optional<std::string> pdfAttachment(const std::filesystem::path& file, std::string_view name) {
  constexpr std::size_t kMost = std::size_t{16} << 20;
  try {
    QPDF pdf;
    pdf.setSuppressWarnings(true);
    pdf.processFile(file.c_str());
    QPDFEmbeddedFileDocumentHelper attachments(pdf);
    for (const auto& [key, attachment] : attachments.getEmbeddedFiles()) {
      if (attachment->getFilename() != name) continue;
      LimitedText content(kMost);
      QPDFObjectHandle stream = attachment->getEmbeddedFileStream();
      if (!stream.isStream() ||
          !stream.pipeStreamData(&content, 0, qpdf_dl_generalized, true, false)) {
        throw std::runtime_error("an attachment is damaged");
      }
      return std::move(content.text);
    }
    return {};
  } catch (const std::exception& e) {
    const std::string what = e.what();
    const std::string start = file.string() + ": ";
    throw Error(
        ErrorKind::Format,
        start + "is no whole PDF: " + (what.starts_with(start) ? what.substr(start.size()) : what));
  }
}

}  // namespace bitfrontier
