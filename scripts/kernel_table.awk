# The table of profile_kernels from what ncu or nsys printed: first the time for sorting, then the table's columns, separated by tabs.
# ncu prints a line for each metric of each launch, all values in quotes, numbers with commas between thousands, "n/a" where the GPU has no such counter.
# nsys prints a line for each kernel. Lines of other shapes are what the program and the profiler say beside it.

function number(text) {
    gsub(/[",]/, "", text)
    return text ~ /^[0-9.]+(e[+-]?[0-9]+)?$/ ? text + 0 : -1
}

function nanoseconds(value, unit) {
    return unit ~ /^(us|usecond)$/ ? value * 1e3 : unit ~ /^(ms|msecond)$/ ? value * 1e6 : unit ~ /^(s|second)$/ ? value * 1e9 : value
}

# The median over launches; -1 where there is no value.
function of(kernel, metric,    list, n, i, j, swap) {
    if (!((kernel, metric) in values)) { return -1 }
    n = split(values[kernel, metric], list, " ")
    for (i = 2; i <= n; i++) {
        for (j = i; j > 1 && list[j] + 0 < list[j - 1] + 0; j--) { swap = list[j]; list[j] = list[j - 1]; list[j - 1] = swap }
    }
    return (list[int((n + 1) / 2)] + list[int(n / 2) + 1]) / 2
}

# Additions and multiplications in both precisions; a fused one counts twice.
function operations(kernel,    names, i, one, sum) {
    split("fadd fmul ffma dadd dmul dfma", names, " ")
    for (i = 1; i <= 6; i++) {
        one = of(kernel, "smsp__sass_thread_inst_executed_op_" names[i] "_pred_on.sum")
        if (one < 0) { return -1 }
        sum += (names[i] ~ /fma/ ? 2 : 1) * one
    }
    return sum
}

function known(value, format) { return value < 0 ? "-" : sprintf(format, value) }

{ sub(/\r$/, "") }

/^"ID",/ {
    tool = "ncu"
    n = split(substr($0, 2, length($0) - 2), names, /","/)
    for (i = 1; i <= n; i++) { column[names[i]] = i }
    next
}

/^Time \(%\),Total Time \(ns\),Instances,/ { tool = "nsys"; next }

tool == "ncu" && /^"[0-9]+",/ {
    split(substr($0, 2, length($0) - 2), field, /","/)
    kernel = field[column["Kernel Name"]]
    sub(/\(.*/, "", kernel)
    metric = field[column["Metric Name"]]
    value = number(field[column["Metric Value"]])
    if (value < 0) { next }
    if (metric == "gpu__time_duration.sum") {
        value = nanoseconds(value, field[column["Metric Unit"]])
        launches[kernel]++
    }
    values[kernel, metric] = values[kernel, metric] " " value
}

tool == "nsys" && /^[0-9.]+,/ {
    line = $0
    while (match(line, /"[0-9][0-9,.]*"/)) { line = substr(line, 1, RSTART - 1) number(substr(line, RSTART, RLENGTH)) substr(line, RSTART + RLENGTH) }
    split(line, field, ",")
    kernel = field[9]
    gsub(/"|\(.*/, "", kernel)
    launches[kernel] += field[3]
    values[kernel, "gpu__time_duration.sum"] = field[5]
}

END {
    for (kernel in launches) {
        time = of(kernel, "gpu__time_duration.sum")
        bytes = of(kernel, "dram__bytes.sum")
        flops = operations(kernel)
        printf "%.3f\t%-28s %8d %12.2f %8s %10s %10s %10s\n", time, kernel, launches[kernel], time / 1e3, known(bytes < 0 ? -1 : bytes / time, "%.0f"),
            known(of(kernel, "dram__throughput.avg.pct_of_peak_sustained_elapsed"), "%.1f"), known(flops < 0 ? -1 : flops / time, "%.0f"),
            known(of(kernel, "sm__throughput.avg.pct_of_peak_sustained_elapsed"), "%.1f")
    }
}
