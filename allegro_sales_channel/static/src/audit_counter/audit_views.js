import { registry } from "@web/core/registry";
import { RelationalModel } from "@web/model/relational_model/relational_model";
import { formView } from "@web/views/form/form_view";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { listView } from "@web/views/list/list_view";

/** Parts stock audit: what its page loads anew after a decision is counted anew, too. */
class StockAuditModel extends RelationalModel {
    static services = [...RelationalModel.services, "allegro_audit_counter"];

    setup(params, services) {
        super.setup(params, services);
        this.counter = services.allegro_audit_counter;
    }

    async load() {
        await super.load(...arguments);
        this.counter.count();
    }
}

for (const view of [formView, kanbanView, listView]) {
    registry
        .category("views")
        .add(`allegro_stock_audit_${view.type}`, { ...view, Model: StockAuditModel });
}
