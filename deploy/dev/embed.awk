# Turns text files into C: NAME.EXT becomes `const char PREFIX_NAME[]`, every other character of NAME a _; PREFIX_files lists them.
#   awk -v prefix=sql -v part=c -f embed.awk *.sql >sql.c      awk -v prefix=sql -v part=h -f embed.awk *.sql >sql.h
BEGIN {
    print "/* Made by embed.awk: change the files that it was made from instead. */"
    guard = "MOOC_" toupper(prefix) "_H"
    if (part == "h")
        print "#ifndef " guard "\n#define " guard "\n\n#include <stddef.h>\n"
    else
        print "#include \"" prefix ".h\""
}

FNR == 1 {
    finish()
    name = FILENAME
    sub(/.*\//, "", name)
    sub(/\.[a-z]+$/, "", name)
    symbol = name
    gsub(/[^A-Za-z0-9_]/, "_", symbol)
    names[++count] = name
    symbols[count] = prefix "_" symbol
    if (part == "h")
        print "extern const char " symbols[count] "[];"
    else
        print "\nconst char " symbols[count] "[] ="
    open = 1
}

part == "c" {
    gsub(/\\/, "&&")
    gsub(/["?]/, "\\\\&")    # ?? could begin a trigraph
    print "    \"" $0 "\\n\""
}

END {
    finish()
    if (part == "h") {
        print "\nstruct " prefix "_file {\n    const char *name, *text;\n};"
        print "extern const struct " prefix "_file " prefix "_files[];\nextern const size_t " prefix "_file_count;"
        print "\n#endif"
        exit
    }
    print "\nconst struct " prefix "_file " prefix "_files[] = {"
    for (i = 1; i <= count; i++)
        print "    {\"" names[i] "\", " symbols[i] "},"
    print "};\nconst size_t " prefix "_file_count = " count ";"
}

function finish() {
    if (open && part == "c")
        print "    ;"
    open = 0
}
