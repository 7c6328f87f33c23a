<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>bitfrontier::HintBar</name>
    <message numerus="yes">
        <source>%n point(s) left out: some of the tasks that others of the family have are missing.</source>
        <translation>
            <numerusform>%n point left out: some of the tasks that others of the family have are missing.</numerusform>
            <numerusform>%n points left out: some of the tasks that others of the family have are missing.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>bitfrontier::ManualWindow</name>
    <message numerus="yes">
        <source>%n page(s)</source>
        <translation>
            <numerusform>%n page</numerusform>
            <numerusform>%n pages</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n section(s) found</source>
        <translation>
            <numerusform>%n section found</numerusform>
            <numerusform>%n sections found</numerusform>
        </translation>
    </message>
</context>
</TS>
