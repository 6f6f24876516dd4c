# Turns SQL files into C: NAME.sql becomes `const char sql_NAME[]`, every - in NAME a _.
#   awk -v part=c -f embed.awk *.sql >sql.c      awk -v part=h -f embed.awk *.sql >sql.h
BEGIN {
    print "/* Made from aggregator/sql/ by embed.awk: change the .sql files instead. */"
    if (part == "h")
        print "#ifndef MOOC_SQL_H\n#define MOOC_SQL_H\n"
    else
        print "#include \"sql.h\""
}

FNR == 1 {
    finish()
    name = FILENAME
    sub(/.*\//, "", name)
    sub(/\.sql$/, "", name)
    gsub(/[^A-Za-z0-9_]/, "_", name)
    if (part == "h")
        print "extern const char sql_" name "[];"
    else
        print "\nconst char sql_" name "[] ="
    open = 1
}

part == "c" {
    gsub(/\\/, "&&")
    gsub(/["?]/, "\\\\&")    # ?? could begin a trigraph
    print "    \"" $0 "\\n\""
}

END {
    finish()
    if (part == "h")
        print "\n#endif"
}

function finish() {
    if (open && part == "c")
        print "    ;"
    open = 0
}
