// What a dashboard of ours may consist of, from the types that Grafana publishes. Two things differ: JSON has the values of
// their enumerations, not the names; and a panel's options, to Grafana any record, are here those of its type.
import type * as schema from '@grafana/schema';
import type * as bargauge from '@grafana/schema/dist/esm/raw/composable/bargauge/panelcfg/x/BarGaugePanelCfg_types.gen.d.ts';
import type * as stat from '@grafana/schema/dist/esm/raw/composable/stat/panelcfg/x/StatPanelCfg_types.gen.d.ts';
import type * as timeline from '@grafana/schema/dist/esm/raw/composable/statetimeline/panelcfg/x/StateTimelinePanelCfg_types.gen.d.ts';
import type * as table from '@grafana/schema/dist/esm/raw/composable/table/panelcfg/x/TablePanelCfg_types.gen.d.ts';
import type * as timeseries from '@grafana/schema/dist/esm/raw/composable/timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen.d.ts';

// Enumerations by their values.
type Json<T> = T extends string
  ? `${T}`
  : T extends number
    ? `${T}` extends `${infer N extends number}`
      ? N
      : never
    : T extends Array<infer E>
      ? Array<Json<E>>
      : T extends object
        ? { [K in keyof T]: Json<T[K]> }
        : T;

type Source = { type: 'prometheus'; uid: '${datasource}' };

// Of the Prometheus plug-in, which publishes no types.
interface Target {
  refId: string;
  datasource: Source;
  editorMode: 'code';
  expr: string;
  legendFormat: string;
  format: 'time_series' | 'table' | 'heatmap';
  range: boolean;
  instant: boolean;
}

type Required_ = 'id' | 'title' | 'gridPos' | 'description' | 'fieldConfig' | 'options' | 'targets' | 'datasource';
type Common = Omit<schema.Panel, Required_ | 'type'>;
type FieldConfig<Custom> = Omit<schema.FieldConfigSource, 'defaults'> & {
  defaults: Omit<schema.FieldConfig, 'custom'> & { unit: string; noValue: string } & Custom;
};
type PanelOf<Type extends string, Options, Custom = unknown> = Json<
  Common & { id: number; title: string; description: string; gridPos: schema.GridPos; options: Options; fieldConfig: FieldConfig<Custom> }
> & { type: Type; datasource: Source; targets: Target[] };

type Row = Json<Omit<schema.RowPanel, 'panels' | 'type'>> & { type: 'row'; panels: [] };

export type Panel =
  | Row
  | PanelOf<'stat', stat.Options>
  | PanelOf<'bargauge', bargauge.Options>
  | PanelOf<'table', table.Options, { custom: table.FieldConfig }>
  | PanelOf<'state-timeline', timeline.Options, { custom: timeline.FieldConfig }>
  | PanelOf<'timeseries', timeseries.Options, { custom: timeseries.FieldConfig }>;

type Annotation = Json<Omit<schema.AnnotationQuery, 'datasource' | 'target'>> & {
  datasource: Source;
  target: Target;
  titleFormat?: string; // of the Prometheus plug-in
};

type Variable = Json<Omit<schema.VariableModel, 'datasource'>> & { datasource?: Source };

export type Dashboard = Json<Omit<schema.Dashboard, 'id' | 'panels' | 'annotations' | 'templating'>> & {
  uid: 'querent';
  annotations: { list: Annotation[] };
  templating: { list: Variable[] };
};
