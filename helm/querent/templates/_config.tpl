{{/* querent.toml. JSON's strings, numbers, booleans and lists are TOML's; numbers must not become 1e+06. */}}

{{/* Assignments, in the order of their keys. YAML reads off as false where no boolean belongs. */}}
{{- define "querent.toml.pairs" -}}
{{- range $key, $value := . }}
{{- if and (has $key (list "igmp_version" "mld_version")) (kindIs "bool" $value) }}
{{ $key }} = "off"
{{- else }}
{{ $key }} = {{ toJson $value }}
{{- end }}
{{- end }}
{{- end }}

{{/* One element a line: querent refuses a line with many dots. */}}
{{- define "querent.toml.list" -}}
[
{{- range . }}
  {{ toJson . }},
{{- end }}
]
{{- end }}

{{- define "querent.config" -}}
{{- if .Values.config -}}
{{ .Values.config }}
{{- else -}}
{{- $listen := include "querent.listen" . -}}
[web]
listen_address = {{ if $listen }}{{ include "querent.toml.list" (splitList "\n" $listen) }}{{ else }}"off"{{ end }}
{{- if .Values.basicAuth.existingSecret }}
basic_auth_file = "/etc/querent-auth/users"
{{- end }}
{{- with .Values.log }}

[log]
{{- include "querent.toml.pairs" . }}
{{- end }}
{{- with .Values.querier }}

[querier]
{{- include "querent.toml.pairs" . }}
{{- end }}
{{- range .Values.interfaces }}

[[interface]]
{{- if kindIs "string" . }}
name = {{ toJson . }}
{{- else }}
name = {{ toJson .name }}
{{- include "querent.toml.pairs" (omit . "name") }}
{{- end }}
{{- end }}
{{- with .Values.names }}

[names]
{{- range $key, $value := . }}
{{ toJson $key }} = {{ if kindIs "slice" $value }}{{ include "querent.toml.list" $value }}{{ else }}{{ toJson $value }}{{ end }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
