"""Makes the workbooks beside it: small lists with the habits of real ones. Run with openpyxl after a change; the .xlsx files are
committed, so that the unit tests need no Python packages."""
import datetime
import pathlib

import openpyxl
from openpyxl.styles import Font

HERE = pathlib.Path(__file__).parent


def cells_book():
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Danh sách, 1"
    sheet["A1"] = "Họ tên"
    sheet["B1"] = 'dấu "phẩy", xuống\ndòng'
    sheet["A3"] = 2085001234          # a citizen number that lost its zeros
    sheet["B3"] = 2085001234
    sheet["B3"].number_format = "000000000000"
    sheet["C3"] = 912345678.0
    sheet["C3"].number_format = "0.00E+00"
    sheet["D3"] = datetime.date(1985, 4, 30)
    sheet["D3"].number_format = "dd/mm/yyyy"
    sheet["E3"] = datetime.datetime(1985, 4, 30)
    sheet["E3"].number_format = "m/d/yy"
    sheet["F3"] = "002085001234"
    sheet["G3"] = 1.5
    sheet["H3"] = 22085001234
    sheet["H3"].number_format = "#,##0"
    sheet["A6"] = "=1+1"
    sheet.merge_cells("A8:C9")
    sheet["A8"] = "gộp"
    sheet.row_dimensions[10].hidden = True
    sheet["A10"] = "hàng ẩn"
    hidden = book.create_sheet("Ẩn")
    hidden["A1"] = "không ai thấy"
    hidden.sheet_state = "hidden"
    book.create_sheet("Trống")
    last = book.create_sheet("a - b")
    last["C2"] = "\u0110"
    book.save(HERE / "cells.xlsx")


def roster_book():
    """One list of three units with everything that an office adds: letterhead, two header rows, merged cells, sections, totals,
    signatures."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "DS Tổ 1-3"
    sheet["A1"] = "UBND TỈNH HÀ GIANG"
    sheet["F1"] = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
    sheet["F2"] = "Độc lập - Tự do - Hạnh phúc"
    sheet["A4"] = "DANH SÁCH ĐĂNG KÝ HỌC TRỰC TUYẾN"
    sheet.merge_cells("A4:H4")
    head = ["STT", "Họ và tên", "Ngày, tháng,\nnăm sinh", "Số CCCD", "Liên hệ", None, "Đơn vị", "Tổ"]
    for column, text in enumerate(head, 1):
        sheet.cell(6, column, text).font = Font(bold=True)
    sheet["E7"] = "Địa chỉ e-mail"
    sheet["F7"] = "Số ĐT"
    sheet.merge_cells("E6:F6")
    for column in range(1, 9):
        sheet.cell(8, column, "(%d)" % column)
    rows = [
        (1, "Nguyễn Văn An", datetime.date(1985, 4, 30), 2085001234, "an.nguyen@hagiang.gov.vn", 912345678, "Sở y tế", "Tổ 1"),
        (2, "Trần Thị Hòa", "5/9/1990", "002190000002", "hoa.tran@gmail.com; hoa2@gmail.com", "0987.654.321", None, None),
        (3, "Tống Văn Công", "1988", None, "cong.tong.gmail.com", "0356789012", None, None),
        (4, "Lý A Dê", None, None, None, None, None, 2),
        (5, "Vàng Thị Mỷ", "12-13-1991", "12345", "khong co", "123", "Huyen Meo Vac", 2),
        (6, "Nguyễn  văn an", datetime.date(1985, 4, 30), "'002085001234", "an.nguyen@hagiang.gov.vn", "0912345678", "SỞ Y TẾ", "1"),
        (7, "Giàng Mí Sính", "01.02.1979", "", "sinh@yahoo.com", "", "Huyện Mèo Vạc", "Tổ số 03"),
    ]
    for row, values in enumerate(rows, 9):
        for column, value in enumerate(values, 1):
            if value is not None:
                sheet.cell(row, column, value)
        sheet.cell(row, 4).number_format = "0"
        if isinstance(values[2], datetime.date):
            sheet.cell(row, 3).number_format = "dd/mm/yyyy"
    sheet.merge_cells("G9:G12")
    sheet.merge_cells("H9:H11")
    sheet["B16"] = "Tổng cộng: 07 người"
    sheet["F18"] = "Hà Giang, ngày 14 tháng 9 năm 2023"
    sheet["B19"] = "NGƯỜI LẬP BIỂU"
    sheet["F19"] = "KT. GIÁM ĐỐC"
    sheet["B23"] = "Hoàng Văn Lập"
    sheet["F23"] = "Phạm Giám Đốc"
    notes = book.create_sheet("Ghi chú")
    notes["A1"] = "Danh sách do phòng Tổ chức lập"

    sections = book.create_sheet("Theo mục")
    sections.append(["TT", "Họ đệm", "Tên", "Thư điện tử", "Điện thoại", "Đối tượng"])
    sections.append(["I", "Sở Tư pháp"])
    sections.append([1, "Lê Văn", "Tám", "tam@hagiang.gov.vn", "0912000001", "Công chức"])
    sections.append(["II", "UBND HUYỆN XÍN MẦN"])
    sections.append(["Tổ 26"])
    sections.append([1, "Sùng", "Chín", "chin@hagiang.gov.vn", "0912000002", "Cán bộ; Viên chức"])
    sections.append(["TT", "Họ đệm", "Tên", "Thư điện tử", "Điện thoại", "Đối tượng"])
    sections.append([2, "Sùng", "Mười", "chin@hagiang.gov.vn", "0912000003", "Viên chức"])
    sections.append(["III", "Huyện Không Có"])
    sections.append([1, "Ma Thị", "Lạc", "lac@hagiang.gov.vn", "0912000004", ""])
    sections.append(["", "Cộng", "", "", "", 4])
    book.save(HERE / "roster.xlsx")


def wide_book():
    """A small list on a sheet that somebody formatted to its last column."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["STT", "Họ và tên", "Ghi chú", "Email"])
    for n in range(1, 1500):
        sheet.append([n, "Lò Văn A", f'lo "{n}", và', '""'] if n != 7 else [])
    for row in (1, 1500):
        sheet.cell(row, 16384).font = Font(bold=True)
    book.save(HERE / "wide.xlsx")


cells_book()
roster_book()
wide_book()
