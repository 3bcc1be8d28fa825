{{/* What the schema cannot say. One line for each thing that is wrong: WHAT: WHY; TRY. All are told at once, before
anything is installed that querent would refuse, or that nobody would reach. */}}

{{- define "querent.validate" -}}
{{- $wrong := list -}}
{{- range $part := list "config" "interfaces" "web" "extras" "monitors" "files" -}}
{{- range splitList "\n" (include (printf "querent.validate.%s" $part) $) -}}
{{- with trim . }}{{ $wrong = append $wrong . }}{{ end -}}
{{- end -}}
{{- end -}}
{{- with $wrong | uniq }}{{ fail (printf "\n%s\n" (join "\n" .)) }}{{ end -}}
{{- end }}

{{- define "querent.validate.config" -}}
{{- $named := not (empty .Values.interfaces) -}}
{{- if .Values.config -}}
{{- range $name := list "interfaces" "querier" "log" "names" -}}
{{- if get $.Values $name }}
{{ $name }}: config is the whole file; say it there, or leave config out
{{- end -}}
{{- end -}}
{{- $named = regexMatch `(?m)^\s*(\[\[\s*["']?interface["']?\s*\]\]|["']?interface["']?\s*=)` .Values.config -}}
{{- end -}}
{{- range .Values.extraEnv -}}
{{- if and (eq .name "QUERENT_INTERFACE") (or (default "" .value | trimAll " ,") .valueFrom) }}{{ $named = true }}{{ end -}}
{{- end -}}
{{- if regexMatch `(?m)^(-i\n?|--interface[=\n])[^-=\n]` (join "\n" .Values.extraArgs) }}{{ $named = true }}{{ end -}}
{{- if not $named }}
{{ if .Values.config }}config: no [[interface]] in it{{ else }}interfaces: none is named{{ end }}, and querent never sends without being told where; say for example --set 'interfaces={eth1}' (on the nodes, the interface of the network whose multicast is to live), or {auto} for where the default route goes
{{- end -}}
{{- end }}

{{/* A number or a string as it was written: toString would make 1e+06 of a million. */}}
{{- define "querent.plain" -}}
{{ toJson . | trimAll "\"" }}
{{- end }}

{{/* A duration, querent's or Prometheus', in milliseconds. */}}
{{- define "querent.milliseconds" -}}
{{- $units := dict "" 1000 "us" 0.001 "ms" 1 "s" 1000 "m" 60000 "h" 3600000 "d" 86400000 "w" 604800000 "y" 31536000000 -}}
{{- $sum := 0.0 -}}
{{- range regexFindAll `[0-9]+([.][0-9]+)?[a-z]*` (include "querent.plain" .) -1 -}}
{{- $number := regexFind `^[0-9.]+` . -}}
{{- $sum = addf $sum (mulf (float64 $number) (get $units (trimPrefix $number .) | float64)) -}}
{{- end -}}
{{- $sum -}}
{{- end }}

{{/* Is it a duration, as far as its shape goes? What is not is the schema's to refuse. */}}
{{- define "querent.isDuration" -}}
{{- if regexMatch `^([0-9]+([.][0-9]+)?|([0-9]+([.][0-9]+)?(d|h|ms|us|m|s))+)$` (include "querent.plain" .) }}yes{{ end -}}
{{- end }}

{{- define "querent.validate.interfaces" -}}
{{- include "querent.validate.ranges" (dict "where" "querier" "settings" .Values.querier) -}}
{{- $seen := list -}}
{{- range $index, $said := .Values.interfaces -}}
{{- $interface := $said -}}
{{- if kindIs "string" $said }}{{ $interface = dict "name" $said }}{{ end -}}
{{- $where := printf "interfaces[%d] (%s)" $index (toString $interface.name) -}}
{{- if has $interface.name $seen }}
{{ $where }}: it is named more than once; name each interface once
{{- end -}}
{{- $seen = append $seen $interface.name -}}
{{- include "querent.validate.ranges" (dict "where" $where "settings" $interface) -}}
{{- /* Not merge: to it, false and 0 are nothing. */ -}}
{{- $settings := dict -}}
{{- range $key, $value := $.Values.querier }}{{ $_ := set $settings $key $value }}{{ end -}}
{{- range $key, $value := $interface }}{{ $_ := set $settings $key $value }}{{ end -}}
{{- include "querent.validate.together" (dict "where" $where "settings" $settings) -}}
{{- end -}}
{{- end }}

{{/* dict "where" "settings" */}}
{{- define "querent.validate.ranges" -}}
{{- $settings := .settings -}}
{{- $where := .where -}}
{{- range $key, $range := dict "query_interval" (list 100 31744000 "100ms to 31744s") "max_response" (list 100 3174400 "100ms to 3174.4s") "startup_interval" (list 10 31744000 "10ms to 31744s") "last_member_interval" (list 100 25500 "100ms to 25.5s") "timeout" (list 100 31536000000 "100ms to 8760h") -}}
{{- if hasKey $settings $key -}}
{{- $value := get $settings $key -}}
{{- if include "querent.isDuration" $value -}}
{{- $milliseconds := include "querent.milliseconds" $value | float64 -}}
{{- if or (lt $milliseconds (index $range 0 | float64)) (gt $milliseconds (index $range 1 | float64)) }}
{{ $where }}: {{ $key }}: {{ include "querent.plain" $value }} is not a duration from {{ index $range 2 }}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end }}

{{/* The settings in force on an interface: dict "where" "settings" */}}
{{- define "querent.validate.together" -}}
{{- $igmp := 2 -}}
{{- $mld := "off" -}}
{{- if hasKey .settings "igmp_version" }}{{ $igmp = get .settings "igmp_version" }}{{ end -}}
{{- if hasKey .settings "mld_version" }}{{ $mld = get .settings "mld_version" }}{{ end -}}
{{- if and (has $igmp (list "off" false)) (has $mld (list "off" false)) }}
{{ .where }}: igmp_version and mld_version are off, which leaves nothing to do; leave the interface out
{{- end -}}
{{- if hasKey .settings "max_response" -}}
{{- $response := get .settings "max_response" -}}
{{- $interval := default "60s" (get .settings "query_interval") -}}
{{- if and (include "querent.isDuration" $response) (include "querent.isDuration" $interval) -}}
{{- $milliseconds := include "querent.milliseconds" $response | float64 -}}
{{- if ge $milliseconds (include "querent.milliseconds" $interval | float64) }}
{{ .where }}: max_response: {{ $response }} is not below the query interval, {{ $interval }}
{{- end -}}
{{- if and (not (has (toString $igmp) (list "3" "off" "false"))) (gt $milliseconds 25500.0) }}
{{ .where }}: max_response: {{ $response }} is above 25.5s, the most that IGMPv2 can say; lower it, or use igmp_version 3
{{- end -}}
{{- if and (eq (toString $mld) "1") (gt $milliseconds 65535.0) }}
{{ .where }}: max_response: {{ $response }} is above 65.535s, the most that MLDv1 can say; lower it, or use mld_version 2
{{- end -}}
{{- end -}}
{{- end -}}
{{- end }}

{{- define "querent.validate.web" -}}
{{- $addresses := list -}}
{{- with include "querent.listen" . }}{{ $addresses = splitList "\n" . }}{{ end -}}
{{- $seen := list -}}
{{- range $address := $addresses -}}
{{- $port := splitList ":" $address | last -}}
{{- $host := include "querent.hostOf" $address -}}
{{- $all := ternary "::" "0.0.0.0" (contains ":" $host) -}}
{{- if and (eq $address "off") (gt (len $addresses) 1) }}
web.listen_address: off and an address cannot both be
{{- else if and (regexMatch `^[0-9]+$` $port) (lt (atoi $port) 1024) }}
web.listen_address: {{ $address }}: the container may not open ports below 1024; take another one
{{- end -}}
{{- range $other := $seen -}}
{{- $both := list $other.host $host -}}
{{- if and (eq $other.port $port) (or (eq $other.host $host) (has "" $both) (and (eq $other.all $all) (has $all $both))) }}
web.listen_address: {{ $other.address }} and {{ $address }} overlap; leave one out
{{- end -}}
{{- end -}}
{{- $seen = append $seen (dict "address" $address "host" $host "port" $port "all" $all) -}}
{{- end -}}
{{- end }}

{{- define "querent.validate.extras" -}}
{{- $instead := dict "QUERENT_CONFIG" "config" "QUERENT_WEB_LISTEN_ADDRESS" "web.listen_address" "QUERENT_WEB_BASIC_AUTH_FILE" "basicAuth.existingSecret" "QUERENT_USER" "basicAuth.existingSecret" -}}
{{- range $index, $variable := .Values.extraEnv -}}
{{- with get $instead $variable.name }}
extraEnv[{{ $index }}]: {{ $variable.name }} is the chart's to say; say {{ . }}
{{- end -}}
{{- if eq $variable.name "QUERENT_USER_NAME" }}
extraEnv[{{ $index }}]: QUERENT_USER_NAME: the container may not change its user; leave it out
{{- end -}}
{{- if and $variable.value $variable.valueFrom }}
extraEnv[{{ $index }}]: {{ $variable.name }}: value and valueFrom cannot both be; leave one out
{{- end -}}
{{- end -}}
{{- range $index, $argument := .Values.extraArgs -}}
{{- $flag := toString $argument | splitList "=" | first -}}
{{- with get (dict "-c" "config" "--config" "config" "--web.listen-address" "web.listen_address" "--web.basic-auth-file" "basicAuth.existingSecret") $flag }}
extraArgs[{{ $index }}]: {{ $flag }} is the chart's to say; say {{ . }}
{{- end -}}
{{- if eq $flag "--user-name" }}
extraArgs[{{ $index }}]: --user-name: the container may not change its user; leave it out
{{- end -}}
{{- end -}}
{{- end }}

{{- define "querent.validate.monitors" -}}
{{- if and .Values.podMonitor.enabled .Values.serviceMonitor.enabled }}
podMonitor and serviceMonitor: every pod would be scraped twice; enable one
{{- end -}}
{{- range $name := list "podMonitor" "serviceMonitor" -}}
{{- if (get $.Values $name).enabled -}}
{{- if not (include "querent.listen" $) }}
{{ $name }}: web.listen_address is off, so there is nothing to scrape
{{- else if include "querent.isLocal" $ }}
{{ $name }}: Prometheus cannot reach {{ include "querent.host" $ }} of another machine; let web.listen_address begin with an address that it can, ":9224" for all
{{- end -}}
{{- include "querent.validate.scraping" (dict "where" $name "monitor" (get $.Values $name)) -}}
{{- end -}}
{{- end -}}
{{- end }}

{{/* dict "where" "monitor" (values) */}}
{{- define "querent.validate.scraping" -}}
{{- $where := .where -}}
{{- $interval := .monitor.interval -}}
{{- $timeout := .monitor.scrapeTimeout -}}
{{- range $key, $value := dict "interval" $interval "scrapeTimeout" $timeout -}}
{{- if and $value (eq (include "querent.milliseconds" $value | float64) 0.0) }}
{{ $where }}.{{ $key }}: {{ $value }} is no time; say more, or leave it out
{{- end -}}
{{- end -}}
{{- $most := include "querent.milliseconds" $interval | float64 -}}
{{- if and $interval (gt (include "querent.milliseconds" $timeout | float64) $most) }}
{{ $where }}.scrapeTimeout: {{ $timeout }} is longer than the interval, {{ $interval }}; lower it
{{- end -}}
{{- end }}

{{/* The chart's folder in querent's sources has no copies of these two until they are made. */}}
{{- define "querent.validate.files" -}}
{{- range $name, $file := dict "prometheusRule" "files/querent.rules.yml" "dashboard" "files/querent.json" -}}
{{- if and (get $.Values $name).enabled (not ($.Files.Get $file)) }}
{{ $name }}: the chart has no {{ $file }}; run helm/sync-files in querent's sources, which copies it there
{{- end -}}
{{- end -}}
{{- end }}
